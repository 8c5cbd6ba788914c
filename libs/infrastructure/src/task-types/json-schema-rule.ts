import type { Fault, Reason, Rule } from '@task/domain';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { loadLater } from '../system/load-later';

/** An answer about a payload of nothing but mistakes has to end somewhere. */
const MOST_FAULTS = 100;
const OLDER_DRAFT = /draft-0[67]/;
/** `format` and unknown keywords say something to people only: nobody is refused for a word that is not understood. */
const OPTIONS = { allErrors: true, strict: false, validateFormats: false, logger: false } as const;

/**
 * The rule that a JSON Schema says: draft 2020-12, or draft 6 or 7 where its `$schema` says so. References lead
 * nowhere beyond the schema itself.
 * @throws Error in words that the schema's author understands
 */
export function jsonSchemaRule(schema: object): Rule {
  const isOlder = '$schema' in schema && OLDER_DRAFT.test(String(schema.$schema));
  const rest = Object.fromEntries(Object.entries(schema).filter(([keyword]) => keyword !== '$schema'));
  const validate = compile(rest, isOlder);
  return {
    schema: { type: 'object' },
    check: (value) => {
      if (validate(value)) return [];
      return distinct((validate.errors ?? []).map(faultOf)).slice(0, MOST_FAULTS);
    },
  };
}

function compile(schema: object, isOlder: boolean): ValidateFunction {
  if (!isOlder) {
    const { Ajv2020 } = loadLater('ajv/dist/2020') as typeof import('ajv/dist/2020');
    return new Ajv2020(OPTIONS).compile(schema);
  }
  const { Ajv } = loadLater('ajv') as typeof import('ajv');
  return new Ajv(OPTIONS).compile(schema);
}

/** What the domain calls the most common keywords; all others break the schema in the words of the validator. */
const REASONS: Readonly<Record<string, Reason>> = {
  required: 'required',
  additionalProperties: 'unknown_field',
  unevaluatedProperties: 'unknown_field',
  enum: 'not_one_of',
};

function faultOf({ instancePath, keyword, params, message = keyword }: ErrorObject): Fault {
  const named: unknown = params.missingProperty ?? params.additionalProperty ?? params.unevaluatedProperty;
  const path = pathOf(instancePath) + (typeof named === 'string' ? `.${named}` : '');
  const reason = REASONS[keyword] ?? 'breaks_schema';
  if (reason === 'not_one_of')
    return { path, reason, constraints: { allowed: params.allowedValues as unknown } };
  return reason === 'breaks_schema'
    ? { path, reason, constraints: { keyword, expected: message } }
    : { path, reason, constraints: {} };
}

/** `/chunks/3/size` is `.chunks[3].size`. */
function pathOf(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join('');
}

/** The branches of an `anyOf` complain about the same thing in the same words. */
function distinct(faults: readonly Fault[]): Fault[] {
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}
