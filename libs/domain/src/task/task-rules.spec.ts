import type { Rule } from '../rules/rule';
import { TASK_RULES } from './task-rules';

const KIBI = 1024;
type RuleName = keyof typeof TASK_RULES;

/** A JSON object of exactly so many bytes. */
const bytes = (count: number): unknown => ({ a: 'x'.repeat(count - '{"a":""}'.length) });

/** Objects in each other, so many levels. */
const levels = (count: number): unknown => (count === 1 ? {} : { in: levels(count - 1) });

const many = (count: number, of: string): string[] => Array.from({ length: count }, () => of);

/** The last values that are taken, and the first that are not, on each side of every limit of behaviour.md 1 and 3. */
const LIMITS: readonly [RuleName, readonly unknown[], readonly unknown[]][] = [
  [
    'taskType',
    ['a', 'a'.repeat(64), 'agent_prompt', 'a.b-c_9'],
    ['', 'a'.repeat(65), 'A', 'a b', 'a/b', 'é', 'a\n'],
  ],
  [
    'workDirectory',
    ['/', `/${'😀'.repeat(511)}`, 'C:\\x'],
    ['', `/${'😀'.repeat(512)}`, 'a/b', '/a\0', '/a\nb'],
  ],
  ['kbId', ['k', '知'.repeat(128), '😀'.repeat(128)], ['', '知'.repeat(129), '😀'.repeat(129), 'a\tb']],
  ['prompt', ['a', '😀'.repeat(10_000), 'a\n\tb'], ['', '😀'.repeat(10_001), 'a\0b', '\ud800', 7, null]],
  ['payload', [{}, bytes(256 * KIBI), levels(64)], [bytes(256 * KIBI + 1), levels(65), [], null, 'x', 1]],
  ['priority', [1, 10], [0, 11, 1.5, '5', null]],
  ['priorityBand', ['low', 'medium', 'high'], ['LOW', 'critical', '', 5]],
  ['priorityLevel', ['low', 'normal', 'high', 'critical'], ['LOW', 'medium', '', 5]],
  ['tag', ['t', '😀'.repeat(100)], ['', '😀'.repeat(101), 'a\nb']],
  [
    'tags',
    [[], many(32, '标'), ['😀'.repeat(100)]],
    [many(33, 'a'), [''], ['a'.repeat(101)], 'a', [1], [null]],
  ],
  ['status', ['waiting', 'working', 'completed', 'failed', 'cancelled'], ['queued', 'WAITING', '']],
  ['availableAt', ['2025-08-18T10:00:00Z', '2025-08-18'], ['tomorrow', '2025-02-30', 0, '']],
  ['timeoutSeconds', [1, 604_800], [0, 604_801, -1, 0.5, '60']],
  ['maxRetries', [0, 100], [-1, 101, 1.5]],
  ['autoRetry', [true, false], ['true', 1, null]],
  ['concurrencyKey', ['k', '😀'.repeat(128)], ['', '😀'.repeat(129), 'a\nb', 1]],
  ['keyLimit', [1, 1_000], [0, 1_001, 1.5, '1']],
  ['dependsOn', [[], many(100, 'x'.repeat(100))], [many(101, 'a'), [''], ['a'.repeat(101)], 'a', [1]]],
  ['reference', ['a', 'Build-1.x_y', 'a'.repeat(64)], ['', 'a'.repeat(65), '@a', 'a b', 'é']],
  ['onDependencyFailure', ['wait', 'cancel', 'run'], ['WAIT', '', 'fail', null]],
  ['workerId', ['w', '工'.repeat(100)], ['', '工'.repeat(101), 'a\nb', '\u0007', 7]],
  ['leaseToken', ['t', 't'.repeat(100)], ['', 't'.repeat(101), 'a\0']],
  ['leaseSeconds', [10, 86_400], [9, 86_401, '10']],
  ['progress', [0, 100], [-1, 101, 0.5]],
  ['progressMessage', ['', '😀'.repeat(1_000)], ['😀'.repeat(1_001), '\0']],
  [
    'result',
    [null, 0, '', [], bytes(1024 * KIBI), levels(64)],
    [bytes(1024 * KIBI + 1), levels(65), undefined],
  ],
  ['resultObject', [{}, bytes(1024 * KIBI), levels(64)], [bytes(1024 * KIBI + 1), levels(65), null, [], 'x']],
  ['errorMessage', ['e', '😀'.repeat(10_000)], ['', '😀'.repeat(10_001), '\udfff']],
  ['reason', ['', '😀'.repeat(1_000)], ['😀'.repeat(1_001), 'a\0']],
  ['metadata', [{}, bytes(16 * KIBI), levels(64)], [bytes(16 * KIBI + 1), levels(65), null, []]],
];

const shown = (value: unknown): string => JSON.stringify({ value }).slice(0, 40);
const cases = (pick: 1 | 2): [RuleName, string, unknown][] =>
  LIMITS.flatMap((row) =>
    row[pick].map((value): [RuleName, string, unknown] => [row[0], shown(value), value]),
  );

describe('TASK_RULES', () => {
  it.each(cases(1))('%s takes %s', (name, _, value) => {
    expect(TASK_RULES[name].check(value)).toEqual([]);
  });

  it.each(cases(2))('%s refuses %s', (name, _, value) => {
    expect(TASK_RULES[name].check(value)).not.toEqual([]);
  });

  it('have a row here for each rule, and a schema', () => {
    expect(LIMITS.map(([name]) => name).sort()).toEqual(Object.keys(TASK_RULES).sort());
    const rules: readonly [string, Rule][] = Object.entries(TASK_RULES);
    const untyped = rules.filter(([, { schema }]) => schema.type === undefined).map(([name]) => name);
    expect(untyped).toEqual(['result']);
  });
});
