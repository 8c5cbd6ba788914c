import type { Type } from '@nestjs/common';
import type { Rule, RuleSchema } from '@task/domain';
import { Documented } from './documented';
import { propertyOptions } from './schema-options';

/** How a field of an answer is documented. */
export interface ShownOptions {
  readonly description: string;
  /** Whether it can be null; default false. */
  readonly nullable?: boolean;
  /** Whether it can be left out; default false. */
  readonly optional?: boolean;
}

interface Shown {
  readonly name: string;
  readonly schema: RuleSchema;
  readonly options: ShownOptions;
}

/** A time as answers tell it. */
export const TIME: RuleSchema = { type: 'string', format: 'date-time' };
/** A UUID as answers tell it. */
export const UUID: RuleSchema = { type: 'string', format: 'uuid' };
/** A count. */
export const COUNT: RuleSchema = { type: 'integer', minimum: 0 };
/** Text that the service itself limits. */
export const TEXT: RuleSchema = { type: 'string' };
/** True or false. */
export const FLAG: RuleSchema = { type: 'boolean' };

/** What a view has, as an object of no class: it can be made of parts. */
export type Plain<View> = { readonly [Field in keyof View]: View[Field] };

const SHOWN = new WeakMap<object, Shown[]>();

/** A field of an answer, documented by the rule that it was written under, or by a schema. */
export function Shows(shape: Rule | RuleSchema, options: ShownOptions): PropertyDecorator {
  const schema = 'check' in shape ? shape.schema : shape;
  return (target, name) => {
    const fields = SHOWN.get(target.constructor) ?? [];
    SHOWN.set(target.constructor, [...fields, { name: String(name), schema, options }]);
    document(target, { name: String(name), schema, options });
  };
}

/** A field of an answer that is made of fields itself. */
export function ShowsParts(
  type: Type | readonly [Type],
  { description, nullable = false, optional = false }: ShownOptions,
): PropertyDecorator {
  const told = { description, required: !optional, ...(nullable && { nullable }) };
  return Documented(({ ApiProperty }) => [ApiProperty({ type: type as Type | [Type], ...told })]);
}

/** The fields of another answer, except some; where those can be null, these are left out instead. */
export function ShowsPresent(source: Type, without: readonly string[]): ClassDecorator {
  return ({ prototype }) => {
    for (const { name, schema, options } of SHOWN.get(source) ?? []) {
      const { nullable = false, description } = options;
      if (!without.includes(name)) {
        document(prototype as object, { name, schema, options: { description, optional: nullable } });
      }
    }
  };
}

function document(target: object, { name, schema, options }: Shown): void {
  const { description, nullable = false, optional = false } = options;
  const told = { description, required: !optional, ...(nullable && { nullable }) };
  Documented(({ ApiProperty }) => [ApiProperty(propertyOptions(schema, told))])(target, name);
}
