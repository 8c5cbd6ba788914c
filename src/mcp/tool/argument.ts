import { faultsAt, type Rule, type RuleSchema, type Violation } from '@task/domain';
import { Refusal } from '../../http/shared/failures/refusal';
import { unknownField } from '../../http/shared/validation/read-fields';

/** What a tool takes under one name: the rule of the domain that checks it, and words for the model. */
export interface Argument {
  readonly rule: Rule;
  readonly about?: string;
  readonly required?: true;
}

/** The arguments of a tool, by name. */
export type Arguments = Readonly<Record<string, Argument>>;

/** The arguments as JSON Schema, in few words: limits that hardly anybody meets are told when they are broken. */
export function schemaOf(takes: Arguments): object {
  const required = Object.keys(takes).filter((name) => takes[name]?.required === true);
  const properties = Object.fromEntries(
    Object.entries(takes).map(([name, { rule, about }]) => [
      name,
      { ...shortSchema(rule.schema), ...(about !== undefined && { description: about }) },
    ]),
  );
  return { type: 'object', properties, ...(required.length > 0 && { required }) };
}

/**
 * Takes over what a caller gave, each value as it was parsed.
 * @throws Refusal that names everything that is wrong with it
 */
export function readArguments(given: unknown, takes: Arguments): Readonly<Record<string, unknown>> {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw Refusal.ofField('arguments', 'not_object');
  const violations = violationsIn(given, takes);
  if (violations.length > 0) throw Refusal.ofFields(violations);
  return given as Record<string, unknown>;
}

/** The fields of an object that are among these arguments. */
export function pick(given: object, takes: Arguments): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(takes, name)));
}

/** Everything that is wrong with an object, by the arguments that it may have. */
export function violationsIn(given: object, takes: Arguments): Violation[] {
  const values = given as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(takes, name));
  const wrong = Object.entries(takes).flatMap(([field, { rule, required }]): Violation[] => {
    const value = Object.hasOwn(values, field) ? values[field] : undefined;
    if (value !== undefined) return faultsAt(field, rule.check(value));
    return required === true ? [{ field, reason: 'required', constraints: {} }] : [];
  });
  return [...unknown.map(unknownField), ...wrong];
}

function shortSchema({ type, enum: words, minimum, maximum, items }: RuleSchema): object {
  return {
    ...(type !== undefined && { type }),
    ...(words !== undefined && { enum: words }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
    ...(items !== undefined && { items: shortSchema(items) }),
  };
}
