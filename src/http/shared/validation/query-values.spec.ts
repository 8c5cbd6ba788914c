import { flag, printable, wholeNumber, type Rule } from '@task/domain';
import { valueOf } from './query-values';

const NUMBER: Rule = { schema: { type: 'number' }, check: () => [] };

describe('valueOf', () => {
  it.each([
    ['10', 10],
    ['0', 0],
    ['-3', -3],
  ])('reads %s as a whole number', (text, value) => {
    expect(valueOf(text, wholeNumber({ min: -10, max: 10 }))).toBe(value);
  });

  it.each(['', ' 1', '1 ', '01', '+1', '1.0', '1e1', '0x1', '1_0', '٣', 'NaN', 'Infinity'])(
    'leaves %j as text, for the rule to refuse',
    (text) => {
      const rule = wholeNumber({ min: 0, max: 10 });
      expect(valueOf(text, rule)).toBe(text);
      expect(rule.check(valueOf(text, rule))).toHaveLength(1);
    },
  );

  it('reads numbers with a fraction only where they may have one', () => {
    expect(valueOf('1.5', NUMBER)).toBe(1.5);
    expect(valueOf('1.', NUMBER)).toBe('1.');
  });

  it('reads true and false, in exactly these letters', () => {
    expect(['true', 'false', 'True', '1', ''].map((text) => valueOf(text, flag()))).toEqual([
      true,
      false,
      'True',
      '1',
      '',
    ]);
  });

  it('leaves text alone', () => {
    expect(valueOf('10', printable({ max: 10 }))).toBe('10');
  });
});
