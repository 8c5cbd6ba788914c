import type { Type } from '@nestjs/common';
import { bad, type Fault, type Rule } from '@task/domain';
import { checkedField, fieldsOf, type FieldOptions } from './field';
import { readObject } from './read-fields';

/** An answer about a list of nothing but mistakes has to end somewhere. */
const MOST_OF_ONE_ITEM = 100;

/** A field that is a list of objects, at least one, each with the fields of a class. */
export function Items(
  type: Type,
  { max }: { readonly max: number },
  options: FieldOptions,
): PropertyDecorator {
  return checkedField(atLeastOne(itemsOf(type, max)), options, true, (told) => ({
    type: [type],
    minItems: 1,
    maxItems: max,
    ...told,
  }));
}

/** A field that is an object with the fields of a class. */
export function Part(type: Type, options: FieldOptions): PropertyDecorator {
  const rule: Rule = { schema: { type: 'object' }, check: (value) => faultsOf(value, type) };
  return checkedField(rule, options, false, (told) => ({ type, ...told }));
}

/** A list that is not empty: an empty one would ask for nothing, or, worse, for everything. */
export function atLeastOne(rule: Rule): Rule {
  const bounded: Rule['schema'] & { readonly minItems: number } = { ...rule.schema, minItems: 1 };
  return {
    schema: bounded,
    check: (value) =>
      Array.isArray(value) && value.length === 0 ? bad('required', { min_items: 1 }) : rule.check(value),
  };
}

/** A list of so many objects at most, each with the fields of a class. */
export function itemsOf(type: Type, max: number): Rule {
  return {
    schema: { type: 'array', items: { type: 'object' }, maxItems: max },
    check: (value) => {
      if (!Array.isArray(value)) return bad('not_list');
      if (value.length > max) return bad('too_many', { max_items: max });
      return value.flatMap((item: unknown, index) =>
        faultsOf(item, type).map((fault) => ({ ...fault, path: `[${index}]${fault.path}` })),
      );
    },
  };
}

function faultsOf(item: unknown, type: Type): readonly Fault[] {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return bad('not_object');
  const { violations } = readObject(item, fieldsOf(type) ?? new Map(), type);
  return violations
    .slice(0, MOST_OF_ONE_ITEM)
    .map(({ field, reason, constraints }) => ({ path: `.${field}`, reason, constraints }));
}
