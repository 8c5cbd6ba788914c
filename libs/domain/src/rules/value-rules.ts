import { bad, good, type Fault, type Rule } from './rule';

/** A whole number between two others, both included. */
export function wholeNumber({ min, max }: { readonly min: number; readonly max: number }): Rule {
  return {
    schema: { type: 'integer', minimum: min, maximum: max },
    check: (value) => {
      if (typeof value !== 'number' || !Number.isSafeInteger(value))
        return bad('not_whole_number', { min, max });
      return value < min || value > max ? bad('out_of_range', { min, max }) : good();
    },
  };
}

/** True or false, not their names. */
export function flag(): Rule {
  return {
    schema: { type: 'boolean' },
    check: (value) => (typeof value === 'boolean' ? good() : bad('not_flag', { allowed: [true, false] })),
  };
}

/** A list of at most so many elements, each by its own rule. */
export function listOf(element: Rule, { max }: { readonly max: number }): Rule {
  return {
    schema: { type: 'array', items: element.schema, maxItems: max },
    check: (value) => {
      if (!Array.isArray(value)) return bad('not_list');
      if (value.length > max) return bad('too_many', { max_items: max });
      return value.flatMap((item: unknown, index) =>
        element.check(item).map((fault) => ({ ...fault, path: `[${index}]${fault.path}` })),
      );
    },
  };
}

/** Limits of a JSON value: bytes of its UTF-8 text, and how deep objects and lists may stand in each other. */
export interface JsonLimits {
  readonly maxBytes: number;
  readonly maxDepth: number;
}

/** A JSON object within limits. */
export function jsonObject(limits: JsonLimits): Rule {
  return {
    schema: { type: 'object' },
    check: (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? jsonFaults(value, limits)
        : bad('not_object'),
  };
}

/** Any JSON value within limits. */
export function jsonValue(limits: JsonLimits): Rule {
  return {
    schema: {},
    check: (value) => (value === undefined ? bad('not_json') : jsonFaults(value, limits)),
  };
}

/** How deep objects and lists stand in each other; found without recursion, and no deeper than asked. */
export function isDeeperThan(value: unknown, maxDepth: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const holders = level.filter((item) => typeof item === 'object' && item !== null);
    if (holders.length > 0 && depth >= maxDepth) return true;
    level = holders.flatMap((holder) => Object.values(holder) as unknown[]);
  }
  return false;
}

function jsonFaults(value: unknown, { maxBytes, maxDepth }: JsonLimits): readonly Fault[] {
  if (isDeeperThan(value, maxDepth)) return bad('too_deep', { max_depth: maxDepth });
  const json = jsonOf(value);
  if (json === null) return bad('not_json');
  return isLargerThan(json, maxBytes) ? bad('too_large', { max_bytes: maxBytes }) : good();
}

/** The JSON text of a value, or null of one that JSON cannot express: a function, a symbol, a big integer, infinity. */
function jsonOf(value: unknown): string | null {
  try {
    const json: unknown = JSON.stringify(value);
    if (typeof json !== 'string') return null;
    return json.includes('null') && holdsInfinity(value) ? null : json;
  } catch {
    return null;
  }
}

/** Whether a number is in it that was too large to be read, such as 1e999: it would be kept as null. */
function holdsInfinity(value: unknown): boolean {
  const left = [value];
  for (const item of left) {
    if (typeof item === 'number' && !Number.isFinite(item)) return true;
    // One by one: as arguments of a call, a million of them would be too many.
    if (typeof item === 'object' && item !== null) for (const inner of Object.values(item)) left.push(inner);
  }
  return false;
}

function isLargerThan(json: string, maxBytes: number): boolean {
  if (json.length > maxBytes) return true;
  // A UTF-16 unit takes at most three bytes of UTF-8: only near the limit does anybody have to encode.
  return json.length * 3 > maxBytes && new TextEncoder().encode(json).length > maxBytes;
}
