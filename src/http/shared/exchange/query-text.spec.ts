import { Refusal } from '../failures/refusal';
import { parseQuery } from './query-text';

const read = (text: string | null): unknown => Object.fromEntries(parseQuery(text));

describe('parseQuery', () => {
  it.each<[string | null, object]>([
    [null, {}],
    ['', {}],
    ['&&', {}],
    ['a=1&b=2', { a: ['1'], b: ['2'] }],
    ['a=1&a=2', { a: ['1', '2'] }],
    ['a', { a: [''] }],
    ['a=', { a: [''] }],
    ['a=b=c', { a: ['b=c'] }],
    ['a=x+y%2Bz', { a: ['x y+z'] }],
    ['%C3%A9=%F0%9F%98%80', { é: ['😀'] }],
  ])('reads %j', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it('keeps names that objects have of their own', () => {
    expect(parseQuery('__proto__=1&constructor=2').get('__proto__')).toEqual(['1']);
  });

  it.each([
    ['a=%', 'a'],
    ['a=%ff', 'a'],
    ['a=%ED%A0%80', 'a'],
    ['%zz=1', 'query'],
  ])('refuses %s, and names %s', (text, field) => {
    const attempt = (): unknown => read(text);
    expect(attempt).toThrow(Refusal);
    expect(attempt).toThrow(expect.objectContaining({ violations: [expect.objectContaining({ field })] }));
  });
});
