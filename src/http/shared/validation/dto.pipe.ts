import { Injectable, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import type { Violation } from '@task/domain';
import type { Query } from '../exchange/query-text';
import { Refusal } from '../failures/refusal';
import { fieldsOf, type Fields } from './field';
import { valueOf } from './query-values';
import { readFields, readObject, unknownField, type ReadFields } from './read-fields';

/** An answer about a body of nothing but mistakes must not be larger than the body. */
export const MOST_VIOLATIONS = 100;
/** The same of a list, each of whose elements may have some. */
export const MOST_VIOLATIONS_OF_ITEMS = 10_000;

/**
 * Turns a body or a query into its DTO, or refuses it with everything that is wrong with it. Only known fields are
 * taken over, each as it was parsed: no value is copied or converted, and no key of free JSON can do harm.
 */
@Injectable()
export class DtoPipe implements PipeTransform {
  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    const fields = fieldsOf(metatype);
    if (fields === null || metatype === undefined) return value;
    return type === 'query'
      ? fromQuery(value as Query, fields, metatype)
      : fromBody(value === undefined ? {} : value, fields, metatype);
  }
}

function fromBody(body: unknown, fields: Fields, type: Type): object {
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw Refusal.ofField('body', 'not_object');
  return taken(readObject(body, fields, type), fields);
}

function fromQuery(query: Query, fields: Fields, type: Type): object {
  const violations: Violation[] = [];
  const given: [string, unknown][] = [];
  for (const [name, [text = '', ...more]] of query) {
    const field = fields.get(name);
    if (field === undefined) violations.push(unknownField(name));
    else if (more.length > 0) violations.push({ field: name, reason: 'not_unique', constraints: {} });
    else given.push([name, valueOf(text, field.rule)]);
  }
  return taken(readFields(given, violations, fields, type), fields);
}

function taken({ dto, violations }: ReadFields, fields: Fields): object {
  if (violations.length === 0) return dto;
  const hasItems = [...fields.values()].some((field) => field.hasItems);
  throw Refusal.ofFields(violations.slice(0, hasItems ? MOST_VIOLATIONS_OF_ITEMS : MOST_VIOLATIONS));
}
