import type { Rule } from './rule';
import { absolutePath, instant, instantOf, oneOf, pattern, printable, text } from './text-rules';

const reasons = (rule: Rule, value: unknown): string[] => rule.check(value).map(({ reason }) => reason);

describe('text', () => {
  const rule = text({ min: 1, max: 3 });

  it.each(['a', 'abc', '三个字', '😀😀😀', 'a\nb', '\t'])('takes %j', (value) => {
    expect(reasons(rule, value)).toEqual([]);
  });

  it.each([
    ['', 'too_short'],
    ['abcd', 'too_long'],
    ['😀😀😀😀', 'too_long'],
    ['abcdefg', 'too_long'],
    ['a\0', 'malformed_text'],
    ['\ud800', 'malformed_text'],
    ['\udc00a', 'malformed_text'],
    [1, 'not_text'],
    [null, 'not_text'],
    [['a'], 'not_text'],
  ])('refuses %j: %s', (value, reason) => {
    expect(reasons(rule, value)).toEqual([reason]);
  });

  it('tells its limits in a refusal and in its schema', () => {
    const limits = { min_length: 1, max_length: 3 };
    expect(rule.check('')).toEqual([{ path: '', reason: 'too_short', constraints: limits }]);
    expect(rule.check('abcd')).toEqual([{ path: '', reason: 'too_long', constraints: limits }]);
    expect(rule.schema).toEqual({ type: 'string', minLength: 1, maxLength: 3 });
  });

  it('asks for no characters unless told', () => {
    expect(reasons(text({ max: 3 }), '')).toEqual([]);
    expect(text({ max: 3 }).schema).toEqual({ type: 'string', maxLength: 3 });
  });
});

describe('printable', () => {
  const rule = printable({ min: 1, max: 10 });

  it.each(['worker-1', '工人 1', 'é😀', ' '])('takes %j', (value) => {
    expect(reasons(rule, value)).toEqual([]);
  });

  it.each(['a\nb', 'a\tb', '\u001b[31m', '\u007f', '\u0085'])(
    'refuses the control character in %j',
    (value) => {
      expect(reasons(rule, value)).toEqual(['not_printable']);
    },
  );

  it('tells one fault at a time: length before looks', () => {
    expect(reasons(rule, '\n'.repeat(11))).toEqual(['too_long']);
    expect(reasons(rule, 7)).toEqual(['not_text']);
  });
});

describe('pattern', () => {
  const rule = pattern(/^[a-z]+$/, { min: 1, max: 5 });

  it('takes what matches, to its last character', () => {
    expect(reasons(rule, 'abc')).toEqual([]);
    expect(reasons(rule, 'abc\n')).toEqual(['bad_format']);
    expect(reasons(rule, 'Abc')).toEqual(['bad_format']);
    expect(reasons(rule, 'abcdef')).toEqual(['too_long']);
  });

  it('tells its pattern', () => {
    expect(rule.schema).toMatchObject({ pattern: '^[a-z]+$', maxLength: 5 });
    expect(rule.check('1')[0]?.constraints).toEqual({ pattern: '^[a-z]+$' });
  });
});

describe('oneOf', () => {
  const rule = oneOf(['low', 'high']);

  it('takes its words, as they are written', () => {
    expect(reasons(rule, 'low')).toEqual([]);
    expect(reasons(rule, 'Low')).toEqual(['not_one_of']);
    expect(reasons(rule, ['low'])).toEqual(['not_one_of']);
    expect(reasons(rule, 'toString')).toEqual(['not_one_of']);
  });

  it('tells its words', () => {
    expect(rule.schema.enum).toEqual(['low', 'high']);
    expect(rule.check('x')[0]?.constraints).toEqual({ allowed: ['low', 'high'] });
  });
});

describe('absolutePath', () => {
  const rule = absolutePath({ max: 20 });

  it.each(['/', '/srv/a', 'C:\\a', 'c:/a', '\\\\host\\share', '/项目'])('takes %j', (value) => {
    expect(reasons(rule, value)).toEqual([]);
  });

  it.each([
    ['srv/a', 'not_absolute_path'],
    ['./a', 'not_absolute_path'],
    ['~', 'not_absolute_path'],
    ['C:', 'not_absolute_path'],
    ['C:a', 'not_absolute_path'],
    ['\\a', 'not_absolute_path'],
    ['\\\\host', 'not_absolute_path'],
    ['', 'too_short'],
    ['/a\nb', 'not_printable'],
    [`/${'a'.repeat(20)}`, 'too_long'],
  ])('refuses %j: %s', (value, reason) => {
    expect(reasons(rule, value)).toEqual([reason]);
  });
});

describe('instantOf', () => {
  it.each([
    ['2025-08-18T10:00:00Z', '2025-08-18T10:00:00.000Z'],
    ['2025-08-18T10:00:00.123Z', '2025-08-18T10:00:00.123Z'],
    ['2025-08-18T10:00:00,5Z', '2025-08-18T10:00:00.500Z'],
    ['2025-08-18T10:00:00.123456789Z', '2025-08-18T10:00:00.123Z'],
    ['2025-08-18T10:00Z', '2025-08-18T10:00:00.000Z'],
    ['2025-08-18t10:00:00z', '2025-08-18T10:00:00.000Z'],
    ['2025-08-18T10:00:00', '2025-08-18T10:00:00.000Z'],
    ['2025-08-18', '2025-08-18T00:00:00.000Z'],
    ['2025-08-18T10:00:00+08:00', '2025-08-18T02:00:00.000Z'],
    ['2025-08-18T10:00:00+0800', '2025-08-18T02:00:00.000Z'],
    ['2025-08-18T10:00:00+08', '2025-08-18T02:00:00.000Z'],
    ['2025-08-18T10:00:00-03:30', '2025-08-18T13:30:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['1969-12-31T23:59:59Z', '1969-12-31T23:59:59.000Z'],
  ])('reads %s', (value, same) => {
    expect(new Date(instantOf(value) ?? Number.NaN).toISOString()).toBe(same);
  });

  it.each([
    '',
    'now',
    '2025',
    '18.08.2025',
    '2025-08-18 10:00:00Z',
    '2025-02-30T00:00:00Z',
    '2025-02-29',
    '2025-04-31',
    '2025-13-01',
    '2025-00-10',
    '2025-01-00',
    '2025-08-18T25:00:00Z',
    '2025-08-18T10:60:00Z',
    '2025-08-18T10:00:60Z',
    '2025-08-18T10:00:00+99:00',
    '2025-08-18T10:00:00Zjunk',
    '2025-08-18T10:00:00Z\n',
    ' 2025-08-18T10:00:00Z',
    '2025-08-18Z',
    '1755511200000',
  ])('reads nothing from %j', (value) => {
    expect(instantOf(value)).toBeNull();
  });
});

describe('instant', () => {
  it('takes what names a time, as text', () => {
    expect(reasons(instant(), '2025-08-18T10:00:00Z')).toEqual([]);
    expect(reasons(instant(), '2025-02-30')).toEqual(['not_time']);
    expect(reasons(instant(), 1_755_511_200_000)).toEqual(['not_time']);
  });
});
