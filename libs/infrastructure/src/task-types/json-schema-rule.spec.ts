import type { Fault } from '@task/domain';
import { jsonSchemaRule } from './json-schema-rule';

const OCR = {
  type: 'object',
  required: ['file_path', 'language'],
  additionalProperties: false,
  properties: {
    file_path: { type: 'string', minLength: 1 },
    language: { enum: ['en', 'zh'] },
    pages: {
      type: 'array',
      items: { type: 'object', properties: { 'a/b': { type: 'integer', minimum: 1 } } },
    },
  },
};

const check = (schema: object, value: unknown): readonly Fault[] => jsonSchemaRule(schema).check(value);

describe('a rule that a JSON Schema says', () => {
  it('takes what fits', () => {
    expect(check(OCR, { file_path: '/a.txt', language: 'zh', pages: [{ 'a/b': 1, more: true }] })).toEqual(
      [],
    );
  });

  it('names every violation, each where it is', () => {
    const value = { file_path: '', pages: [{}, { 'a/b': 0 }, { 'a/b': 'x' }], colour: 'red' };
    expect(check(OCR, value)).toEqual(
      expect.arrayContaining([
        { path: '.language', reason: 'required', constraints: {} },
        { path: '.colour', reason: 'unknown_field', constraints: {} },
        breaks('.file_path', 'minLength', 'must NOT have fewer than 1 characters'),
        breaks('.pages[1].a/b', 'minimum', 'must be >= 1'),
        breaks('.pages[2].a/b', 'type', 'must be integer'),
      ]),
    );
    expect(check(OCR, value)).toHaveLength(5);
  });

  it('tells the words that are allowed', () => {
    expect(check(OCR, { file_path: 'a', language: 'de' })).toEqual([
      { path: '.language', reason: 'not_one_of', constraints: { allowed: ['en', 'zh'] } },
    ]);
  });

  it('tells the same only once', () => {
    expect(check({ anyOf: [{ required: ['a'] }, { required: ['a'] }] }, {})).toHaveLength(2);
  });

  it('knows the keywords of the draft that the schema names', () => {
    const pair = { prefixItems: [{ type: 'string' }] };
    expect(check({ properties: { a: pair } }, { a: [1] })).toHaveLength(1);
    const older = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      properties: { a: { items: [{ type: 'string' }] } },
    };
    expect(check(older, { a: [1] })).toHaveLength(1);
  });

  it('ends its complaints somewhere', () => {
    const value = { a: Array.from({ length: 500 }, () => 1) };
    expect(check({ properties: { a: { items: { type: 'string' } } } }, value)).toHaveLength(100);
  });

  it.each([
    { type: 'text' },
    { $ref: 'https://schemas.example/a.json' },
    { pattern: '(' },
    { required: 'a' },
  ])('refuses %j, which is no schema', (schema) => {
    expect(() => jsonSchemaRule(schema)).toThrow();
  });
});

function breaks(path: string, keyword: string, expected: string): Fault {
  return { path, reason: 'breaks_schema', constraints: { keyword, expected } };
}
