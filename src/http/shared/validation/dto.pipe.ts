import { Injectable, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import { faultsAt, isDeeperThan, type Violation } from '@task/domain';
import { validateSync } from 'class-validator';
import type { Query } from '../exchange/query-text';
import { Refusal } from '../failures/refusal';
import { fieldsOf, type FieldSpec } from './field';
import { valueOf } from './query-values';

type Fields = ReadonlyMap<string, FieldSpec>;

/** Deeper than any field takes: a body beyond this is not even looked at. */
const MOST_BODY_DEPTH = 100;
/** An answer about a body of nothing but mistakes must not be larger than the body. */
const MOST_VIOLATIONS = 100;
const MOST_NAME_LENGTH = 100;

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
  if (isDeeperThan(body, MOST_BODY_DEPTH)) {
    throw Refusal.ofField('body', 'too_deep', { max_depth: MOST_BODY_DEPTH });
  }
  const violations: Violation[] = [];
  const given: [string, unknown][] = [];
  for (const name of Object.keys(body)) {
    if (fields.has(name)) given.push([name, (body as Record<string, unknown>)[name]]);
    else violations.push(unknownField(name));
  }
  return checked(given, violations, fields, type);
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
  return checked(given, violations, fields, type);
}

function unknownField(name: string): Violation {
  return { field: name.slice(0, MOST_NAME_LENGTH).toWellFormed(), reason: 'unknown_field', constraints: {} };
}

function checked(given: [string, unknown][], violations: Violation[], fields: Fields, type: Type): object {
  const dto: Record<string, unknown> = Object.create(type.prototype as object) as Record<string, unknown>;
  for (const [name, value] of given) dto[name] = value;
  for (const { property } of fields.size === 0 ? [] : validateSync(dto)) {
    // A parameter that was given several times is absent only because none of its values was taken.
    if (!violations.some(({ field }) => field === property))
      violations.push(...violationsOf(fields.get(property), dto));
  }
  if (violations.length > 0) throw Refusal.ofFields(violations.slice(0, MOST_VIOLATIONS));
  return dto;
}

function violationsOf(field: FieldSpec | undefined, dto: Readonly<Record<string, unknown>>): Violation[] {
  if (field === undefined) return [];
  const { name, rule } = field;
  const value = dto[name];
  return value === undefined
    ? [{ field: name, reason: 'required', constraints: {} }]
    : faultsAt(name, rule.check(value));
}
