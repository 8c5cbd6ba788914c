import { JsonDocument } from './json-document';

describe('JsonDocument', () => {
  it('keeps the text that it was given', () => {
    const text = '{ "__proto__": {"a":1}, "n": 1.10 }';
    expect(JsonDocument.fromText(text).text).toBe(text);
  });

  it('writes a value as JSON', () => {
    expect(JsonDocument.of({ a: [1, null, undefined], b: undefined }).text).toBe('{"a":[1,null,null]}');
  });

  it('is null for a value that JSON cannot express', () => {
    expect(JsonDocument.of(undefined).text).toBe('null');
  });

  it('gives a new value at every call', () => {
    const document = JsonDocument.of({ list: [1] });
    (document.value as { list: number[] }).list.push(2);
    expect(document.value).toEqual({ list: [1] });
  });

  it('keeps a key named __proto__ a key', () => {
    const value = JsonDocument.fromText('{"__proto__":{"admin":true}}').value as object;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect('admin' in value).toBe(false);
  });

  it('equals by text', () => {
    const one = JsonDocument.of({ a: 1 });
    expect(one.equals(JsonDocument.fromText('{"a":1}'))).toBe(true);
    expect(one.equals(JsonDocument.fromText('{"a": 1}'))).toBe(false);
    expect(one.equals(null)).toBe(false);
  });
});
