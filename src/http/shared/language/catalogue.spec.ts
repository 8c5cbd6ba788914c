import type { StoreFault } from '@task/application';
import { REASONS } from '@task/domain';
import { CODE_OF } from '../../orchestrator/failure-table';
import { LANGUAGES } from './language';
import { messageOf, type MessageKey } from './messages';
import { reasonOf } from './reasons';

/** Every figure that a reason can be worded with. */
const FIGURES = {
  min_length: 2,
  max_length: 100,
  pattern: '^a$',
  allowed: ['a', 'b'],
  min: 1,
  max: 9,
  max_items: 3,
  max_bytes: 1024,
  max_depth: 64,
};
const FAULTS: readonly StoreFault[] = [
  ...(['unreachable', 'overloaded', 'timed_out', 'closing', 'no_space', 'file_gone', 'unknown'] as const),
];
const HAN = /\p{Script=Han}/u;

describe('the catalogue', () => {
  it.each(LANGUAGES)('words every reason in %s, with its figures', (language) => {
    for (const reason of REASONS) {
      const words = reasonOf(reason, FIGURES, language);
      expect(words).not.toMatch(/undefined|null|\[object/);
      expect(words.length).toBeGreaterThan(2);
      expect(HAN.test(words)).toBe(language === 'zh');
    }
  });

  it.each(LANGUAGES)('words every message in %s', (language) => {
    const keys = Object.keys(CODE_OF) as MessageKey[];
    for (const key of keys) expect(HAN.test(messageOf(key, language))).toBe(language === 'zh');
  });

  it.each(FAULTS)(
    'never says of the fault %s that nothing was done: a request asks the store several times',
    (fault) => {
      expect(messageOf(fault, 'en')).not.toMatch(/nothing was/);
      expect(messageOf(fault, 'zh')).not.toMatch(/请求未执行/);
    },
  );

  it.each([
    ['required', {}, '不能为空'],
    ['too_short', { min_length: 1 }, '不能为空'],
    ['not_absolute_path', {}, '必须是有效的绝对路径'],
    ['too_long', { max_length: 10_000 }, '长度不能超过10000字符'],
  ] as const)('words %s as the documents do', (reason, constraints, words) => {
    expect(reasonOf(reason, constraints, 'zh')).toBe(words);
  });

  it('tells an empty text from one that is too short', () => {
    expect(reasonOf('too_short', { min_length: 1 }, 'en')).toBe('must not be empty');
    expect(reasonOf('too_short', { min_length: 3 }, 'en')).toBe('must have at least 3 characters');
  });

  it('leaves out a figure that it cannot write', () => {
    expect(reasonOf('bad_format', { expected: 'a cursor' }, 'en')).toBe('must be of the form a cursor');
    expect(reasonOf('not_one_of', { allowed: {} }, 'en')).toBe('must be one of: ');
  });
});
