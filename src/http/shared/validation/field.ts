import { applyDecorators, type Type } from '@nestjs/common';
import type { ApiPropertyOptions } from '@nestjs/swagger';
import type { Rule } from '@task/domain';
import { Documented } from '../docs/documented';
import { propertyOptions } from '../docs/schema-options';
import { ValidateBy } from './class-validator';

/** How a field of a request is told, checked and documented. */
export interface FieldOptions {
  /** Default false. */
  readonly required?: boolean;
  readonly description: string;
  readonly example: unknown;
  /** What an absent field counts as. */
  readonly byDefault?: unknown;
}

/** A field that a request may have, and the rule of the domain that says what it takes. */
export interface FieldSpec {
  readonly name: string;
  readonly rule: Rule;
  readonly required: boolean;
  /** Whether it is a list of objects, each with fields of its own. */
  readonly hasItems: boolean;
}

/** The fields of a request, or of an object in one, by name. */
export type Fields = ReadonlyMap<string, FieldSpec>;

const FIELDS = new WeakMap<object, Map<string, FieldSpec>>();

/** A field of a request: checked by a domain rule through class-validator, and documented from the same rule. */
export function Field(rule: Rule, options: FieldOptions): PropertyDecorator {
  return checkedField(rule, options, false, (told) => propertyOptions(rule.schema, told));
}

/** The same, with documentation of its own. */
export function checkedField(
  rule: Rule,
  { required = false, description, example, byDefault }: FieldOptions,
  hasItems: boolean,
  documentation: (told: object) => ApiPropertyOptions,
): PropertyDecorator {
  const validate = (value: unknown): boolean => rule.check(value).length === 0;
  const told = { required, description, example, ...(byDefault !== undefined && { default: byDefault }) };
  const validateIf = (_object: unknown, value: unknown): boolean => required || value !== undefined;
  return applyDecorators(
    (target: object, name: string | symbol | undefined) => {
      if (typeof name === 'string')
        fieldsUnder(target.constructor).set(name, { name, rule, required, hasItems });
    },
    ValidateBy({ name: 'rule', validator: { validate } }, { validateIf }),
    Documented(({ ApiProperty }) => [ApiProperty(documentation(told))]),
  );
}

/** The fields of a request's class, or null for a type that is none. */
export function fieldsOf(type: Type | undefined): Fields | null {
  return (type === undefined ? undefined : FIELDS.get(type)) ?? null;
}

/** Marks a request that takes no field at all. */
export function NoFields(): ClassDecorator {
  return (type) => {
    fieldsUnder(type);
  };
}

function fieldsUnder(type: object): Map<string, FieldSpec> {
  const known = FIELDS.get(type);
  if (known !== undefined) return known;
  const inherited = FIELDS.get(Object.getPrototypeOf(type) as object);
  const fields = new Map(inherited);
  FIELDS.set(type, fields);
  return fields;
}
