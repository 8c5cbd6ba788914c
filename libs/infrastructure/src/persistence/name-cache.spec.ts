import { draft, taskIn } from '../../../../test/support/builders';
import { groupKeyOf, NameCache } from './name-cache';

describe('NameCache', () => {
  const never = (): never => {
    throw new Error('it is known already');
  };

  it('asks for a number once', () => {
    const cache = new NameCache();
    expect(cache.get('a', () => 1)).toBe(1);
    expect(cache.get('a', never)).toBe(1);
    expect(cache.peek('a')).toBe(1);
    expect(cache.peek('b')).toBeUndefined();
  });

  it('takes 0 and the empty name for what they are', () => {
    const cache = new NameCache();
    cache.get('', () => 0);
    cache.keep();
    expect(cache.get('', never)).toBe(0);
  });

  it('keeps what a committed transaction named', () => {
    const cache = new NameCache();
    cache.get('a', () => 1);
    cache.keep();
    cache.get('b', () => 2);
    expect(cache.get('a', never)).toBe(1);
  });

  it('forgets what a transaction named that was taken back, and looks all else up anew', () => {
    const cache = new NameCache();
    cache.get('kept', () => 1);
    cache.keep();
    cache.get('gone', () => 2);
    cache.forget();
    expect(cache.peek('gone')).toBeUndefined();
    expect(cache.get('gone', () => 3)).toBe(3);
    expect(cache.peek('kept')).toBeUndefined();
    expect(cache.get('kept', () => 4)).toBe(4);
  });

  it('remembers nothing when the number cannot be found', () => {
    const cache = new NameCache();
    const gone = new Error('the database is gone');
    expect(() =>
      cache.get('a', () => {
        throw gone;
      }),
    ).toThrow(gone);
    expect(cache.peek('a')).toBeUndefined();
  });

  it('remembers no more than its bound, and still the latest', () => {
    const cache = new NameCache();
    const remember = (first: number, count: number): void => {
      for (let index = first; index < first + count; index += 1) cache.get(`name ${index}`, () => index);
      cache.keep();
    };
    remember(0, 20_000);
    expect(cache.peek('name 0')).toBe(0);
    remember(20_000, 1);
    expect(cache.peek('name 0')).toBeUndefined();
    expect(cache.peek('name 20000')).toBe(20_000);
  });
});

describe('groupKeyOf', () => {
  const { state } = taskIn('waiting');

  it('tells apart whatever makes another group', () => {
    const keys = [
      groupKeyOf('/a', state),
      groupKeyOf('/a', { ...state, taskType: 'build' }),
      groupKeyOf('/a', { ...state, kbId: 'build' }),
      groupKeyOf('/b', state),
      groupKeyOf(null, state),
      groupKeyOf('/a', { ...state, taskType: 'a', kbId: 'b c' }),
      groupKeyOf('/a', { ...state, taskType: 'a b', kbId: 'c' }),
      groupKeyOf('/a b', { ...state, taskType: 'c', kbId: null }),
      groupKeyOf('/a', { ...state, taskType: 'b', kbId: 'c' }),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('does not look at anything else', () => {
    const other = { ...state, ...draft({ priority: 9, prompt: 'other', tags: ['x'] }) };
    expect(groupKeyOf('/a', other)).toBe(groupKeyOf('/a', state));
  });
});
