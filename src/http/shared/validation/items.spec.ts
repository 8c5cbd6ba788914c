import type { Type } from '@nestjs/common';
import { listOf, text, wholeNumber } from '@task/domain';
import { Refusal } from '../failures/refusal';
import { DtoPipe } from './dto.pipe';
import { Field } from './field';
import { atLeastOne, Items } from './items';

class Item {
  @Field(text({ min: 1, max: 3 }), { required: true, description: '', example: 'a' })
  declare readonly name: string;
  @Field(wholeNumber({ min: 0, max: 9 }), { description: '', example: 1 })
  declare readonly count?: number;
  @Field(listOf(text({ min: 1, max: 3 }), { max: 2 }), { description: '', example: ['a'] })
  declare readonly tags?: readonly string[];
}

class Many {
  @Items(Item, { max: 3 }, { required: true, description: '', example: [{ name: 'a' }] })
  declare readonly items: readonly Item[];
}

const pipe = new DtoPipe();
const take = (value: unknown, metatype: Type = Many): unknown =>
  pipe.transform(value, { type: 'body', metatype });
const refused = (value: unknown): string[] => {
  try {
    take(value);
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.violations.map(({ field, reason }) => `${field} ${reason}`);
  }
};

describe('Items', () => {
  it('takes over a list of objects as it was parsed', () => {
    const items = [{ name: 'a', count: 1 }, { name: 'b' }];
    expect((take({ items }) as Many).items).toBe(items);
  });

  it('names the element, the field in it, and the element of that', () => {
    const items = [{ name: 'a' }, { name: 'long', count: -1, tags: ['a', ''] }, { extra: 1 }];
    expect(refused({ items }).sort()).toEqual([
      'items[1].count out_of_range',
      'items[1].name too_long',
      'items[1].tags[1] too_short',
      'items[2].extra unknown_field',
      'items[2].name required',
    ]);
  });

  it.each([[null], ['text'], [7], [[]]])('refuses the element %j, which is no object', (item) => {
    expect(refused({ items: [{ name: 'a' }, item] })).toEqual(['items[1] not_object']);
  });

  it('does not take null for an absent field of an element', () => {
    expect(refused({ items: [{ name: 'a', count: null }] })).toEqual(['items[0].count not_whole_number']);
  });

  it('refuses a dangerous key by its name', () => {
    const items = JSON.parse('[{"name":"a","__proto__":{"count":1}}]') as unknown;
    expect(refused({ items })).toEqual(['items[0].__proto__ unknown_field']);
  });

  it.each([
    [{}, 'items required'],
    [{ items: [] }, 'items required'],
    [{ items: { 0: { name: 'a' } } }, 'items not_list'],
    [{ items: Array.from({ length: 4 }, () => ({ name: 'a' })) }, 'items too_many'],
  ])('refuses %j', (body, complaint) => {
    expect(refused(body)).toEqual([complaint]);
  });
});

describe('atLeastOne', () => {
  const rule = atLeastOne(listOf(text({ max: 3 }), { max: 2 }));

  it('refuses an empty list, and tells so in its schema', () => {
    expect(rule.check([])).toMatchObject([{ path: '', reason: 'required' }]);
    expect(rule.schema).toMatchObject({ type: 'array', minItems: 1, maxItems: 2 });
  });

  it('leaves the rest to the rule of the list', () => {
    expect([['a'], 'a', ['a', 'b', 'c']].map((value) => rule.check(value).length)).toEqual([0, 1, 1]);
  });
});
