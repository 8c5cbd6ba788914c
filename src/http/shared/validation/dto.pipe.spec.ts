import type { ArgumentMetadata, Type } from '@nestjs/common';
import { flag, jsonObject, text, wholeNumber, type Violation } from '@task/domain';
import { parseQuery } from '../exchange/query-text';
import { Refusal } from '../failures/refusal';
import { DtoPipe } from './dto.pipe';
import { Field, NoFields } from './field';

class Sample {
  @Field(text({ min: 1, max: 3 }), { required: true, description: '', example: 'a' })
  declare readonly name: string;
  @Field(wholeNumber({ min: 0, max: 9 }), { description: '', example: 1 })
  declare readonly count?: number;
}

class Larger extends Sample {
  @Field(flag(), { description: '', example: true })
  declare readonly force?: boolean;
  @Field(jsonObject({ maxBytes: 100, maxDepth: 3 }), { description: '', example: {} })
  declare readonly free?: object;
}

@NoFields()
class Nothing {}

const pipe = new DtoPipe();
const take = (value: unknown, metatype: Type = Larger, type: ArgumentMetadata['type'] = 'body'): unknown =>
  pipe.transform(value, { type, metatype });
const refused = (
  value: unknown,
  metatype: Type = Larger,
  type: ArgumentMetadata['type'] = 'body',
): string[] => {
  try {
    take(value, metatype, type);
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.violations.map(({ field, reason }: Violation) => `${field} ${reason}`).sort();
  }
};

describe('DtoPipe', () => {
  it('makes an instance with the fields that were given, inherited ones too, and no others', () => {
    const dto = take({ name: 'a', force: true });
    expect(dto).toBeInstanceOf(Larger);
    expect(Object.entries(dto as object)).toEqual([
      ['name', 'a'],
      ['force', true],
    ]);
  });

  it('takes over free JSON itself, not a copy', () => {
    const free = JSON.parse('{"__proto__":1,"constructor":2}') as object;
    expect((take({ name: 'a', free }) as Larger).free).toBe(free);
  });

  it('knows the fields of a class apart from those of its subclass', () => {
    expect(refused({ name: 'a', force: true }, Sample)).toEqual(['force unknown_field']);
  });

  it('refuses all that is wrong at once', () => {
    expect(refused({ count: 10, force: 'yes', extra: 1 })).toEqual([
      'count out_of_range',
      'extra unknown_field',
      'force not_flag',
      'name required',
    ]);
  });

  it.each(['name', 'count', 'force', 'free'])('does not take null for an absent %s', (field) => {
    expect(refused({ name: 'a', [field]: null })).toHaveLength(1);
  });

  it.each([[[]], [null], ['text'], [7]])('refuses the body %j, which is no object', (body) => {
    expect(refused(body)).toEqual(['body not_object']);
  });

  it('reads no body as an empty one', () => {
    expect(refused(undefined)).toEqual(['name required']);
    expect(take(undefined, Nothing)).toEqual({});
  });

  it('takes no field where there is none', () => {
    expect(refused({ any: 1 }, Nothing)).toEqual(['any unknown_field']);
  });

  it('shortens and mends names that it has to repeat', () => {
    expect(refused({ name: 'a', ['x'.repeat(500)]: 1, '\ud800': 1 })).toEqual([
      `${'x'.repeat(100)} unknown_field`,
      '\ufffd unknown_field',
    ]);
  });

  it('converts a query by the types of its fields, and strictly', () => {
    expect(take(parseQuery('name=1&count=7&force=false'), Larger, 'query')).toEqual({
      name: '1',
      count: 7,
      force: false,
    });
    expect(refused(parseQuery('name=a&count=7.0&force=1'), Larger, 'query')).toEqual([
      'count not_whole_number',
      'force not_flag',
    ]);
  });

  it('refuses a parameter that was given several times, once', () => {
    expect(refused(parseQuery('name=a&name=b'), Larger, 'query')).toEqual(['name not_unique']);
  });

  it('leaves alone what is no DTO', () => {
    expect(take('id', String, 'param')).toBe('id');
    expect(pipe.transform('id', { type: 'param' })).toBe('id');
  });
});
