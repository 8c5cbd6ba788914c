import { TASK_RULES } from '@task/domain';

interface Allowed {
  readonly is: (value: number) => boolean;
  readonly words: string;
}

const { minimum: shortest = 0, maximum: longest = 0 } = TASK_RULES.leaseSeconds.schema;
const COUNT: Allowed = {
  is: (value) => Number.isInteger(value) && value >= 1,
  words: 'a whole number from 1',
};
const TIME: Allowed = { is: (value) => value >= 0, words: 'a number of seconds, 0 or more' };

const NUMBERS = {
  concurrency: COUNT,
  perDirectory: COUNT,
  timeoutSeconds: { is: (value) => value > 0, words: 'a number of seconds, more than 0' },
  leaseSeconds: {
    is: (value) => TASK_RULES.leaseSeconds.check(value).length === 0,
    words: `a whole number from ${shortest} to ${longest}`,
  },
  endSeconds: TIME,
} as const satisfies Record<string, Allowed>;

/** @throws RangeError that names the first number of a worker with which it could not work, and what is allowed */
export function requireNumbers(settings: Partial<Record<keyof typeof NUMBERS, unknown>>): void {
  for (const [name, allowed] of Object.entries(NUMBERS)) {
    const value = settings[name as keyof typeof NUMBERS];
    if (value !== undefined) requireNumber(name, value, allowed);
  }
}

/** How long a worker may be left to finish. @throws RangeError */
export function requireFinishSeconds(value: unknown): void {
  requireNumber('finishSeconds', value, TIME);
}

function requireNumber(name: string, value: unknown, { is, words }: Allowed): void {
  if (typeof value === 'number' && is(value)) return;
  throw new RangeError(`${name}: ${String(value)} is not allowed; it takes ${words}`);
}
