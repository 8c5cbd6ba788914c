import type { Type } from '@nestjs/common';
import { faultsAt, type Violation } from '@task/domain';
import { Validator } from './class-validator';
import type { Fields, FieldSpec } from './field';

const VALIDATOR = new Validator();

/** An object with the given fields, and everything that is wrong with them. */
export interface ReadFields {
  readonly dto: object;
  readonly violations: readonly Violation[];
}

const MOST_NAME_LENGTH = 100;

/** Takes over the known fields of an object, each as it was parsed, and checks them. */
export function readObject(value: object, fields: Fields, type: Type): ReadFields {
  const violations: Violation[] = [];
  const given: [string, unknown][] = [];
  for (const name of Object.keys(value)) {
    if (fields.has(name)) given.push([name, (value as Record<string, unknown>)[name]]);
    else violations.push(unknownField(name));
  }
  return readFields(given, violations, fields, type);
}

/** Checks fields by name. @param wrong what was wrong with them already */
export function readFields(
  given: readonly (readonly [string, unknown])[],
  wrong: readonly Violation[],
  fields: Fields,
  type: Type,
): ReadFields {
  const dto: Record<string, unknown> = Object.create(type.prototype as object) as Record<string, unknown>;
  for (const [name, value] of given) dto[name] = value;
  const violations = [...wrong];
  for (const { property } of fields.size === 0 ? [] : VALIDATOR.validateSync(dto)) {
    // A parameter that was given several times is absent only because none of its values was taken.
    if (!violations.some(({ field }) => field === property))
      violations.push(...violationsOf(fields.get(property), dto));
  }
  return { dto, violations };
}

/** The complaint about a field that there is not. */
export function unknownField(name: string): Violation {
  return { field: name.slice(0, MOST_NAME_LENGTH).toWellFormed(), reason: 'unknown_field', constraints: {} };
}

function violationsOf(field: FieldSpec | undefined, dto: Readonly<Record<string, unknown>>): Violation[] {
  if (field === undefined) return [];
  const { name, rule } = field;
  const value = dto[name];
  return value === undefined
    ? [{ field: name, reason: 'required', constraints: {} }]
    : faultsAt(name, rule.check(value));
}
