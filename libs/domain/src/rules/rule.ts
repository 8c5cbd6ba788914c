/** Why a value is refused; every driving adapter words each of them in its languages. */
export const REASONS = [
  'required',
  'unknown_field',
  'not_text',
  'too_short',
  'too_long',
  'malformed_text',
  'not_printable',
  'bad_format',
  'not_absolute_path',
  'not_one_of',
  'not_whole_number',
  'not_number',
  'out_of_range',
  'not_flag',
  'not_list',
  'too_many',
  'not_object',
  'not_json',
  'too_large',
  'too_deep',
  'not_time',
  'not_unique',
  'breaks_schema',
  'reserved',
  'unknown_task',
  'unknown_reference',
  'cyclic',
  'not_cron',
  'not_time_zone',
  'never_occurs',
  'not_together',
] as const;

/** One of {@link REASONS}. */
export type Reason = (typeof REASONS)[number];

/** What is allowed, in figures and lists: `{max_length: 100}`. */
export type Constraints = Readonly<Record<string, unknown>>;

/** One thing wrong with a value; `path` is '' for the value itself, `[3]` for an element of a list. */
export interface Fault {
  readonly path: string;
  readonly reason: Reason;
  readonly constraints: Constraints;
}

/** A fault with the field that has it: `tags[3]`. */
export interface Violation {
  readonly field: string;
  readonly reason: Reason;
  readonly constraints: Constraints;
}

/** The subset of JSON Schema in which a rule tells what it takes. */
export interface RuleSchema {
  readonly type?: 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly items?: RuleSchema;
  readonly maxItems?: number;
}

/** What one field takes: the check, and the same told to people and tools. The home of every limit. */
export interface Rule {
  readonly schema: RuleSchema;
  /** Every fault of the value; none when it is good. Never throws, whatever the value is. */
  check(value: unknown): readonly Fault[];
}

const NO_FAULT: readonly Fault[] = [];

/** The answer of a check that found nothing wrong. */
export function good(): readonly Fault[] {
  return NO_FAULT;
}

/** The answer of a check that found one thing wrong with the value itself. */
export function bad(reason: Reason, constraints: Constraints = {}): readonly Fault[] {
  return [{ path: '', reason, constraints }];
}

/** Every violation of the given fields; an undefined value of a field that is not required is left alone. */
export function violationsOf(
  values: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, Rule>>,
): Violation[] {
  return Object.entries(rules).flatMap(([field, rule]) =>
    values[field] === undefined ? [] : faultsAt(field, rule.check(values[field])),
  );
}

/** The faults of a value as violations of the field that holds it. */
export function faultsAt(field: string, faults: readonly Fault[]): Violation[] {
  return faults.map(({ path, reason, constraints }) => ({ field: field + path, reason, constraints }));
}
