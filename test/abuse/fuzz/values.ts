import type { OpenAPIObject } from '@nestjs/swagger';
import fc, { type Arbitrary } from 'fast-check';
import { NAUGHTY_KEYS, NAUGHTY_TEXTS, NAUGHTY_VALUES } from './naughty';
import type { Json } from './operations';

/** Longer texts are made by repeating. */
const LONGEST_DRAWN = 60;
const MOST_ITEMS = 4;
const FIRST_DAY = new Date('1970-01-02T00:00:00Z');
const LAST_DAY = new Date('2099-12-30T00:00:00Z');

/** Makes values of what a document says about them: such as it takes, and such as it does not. */
export class SchemaValues {
  constructor(private readonly document: OpenAPIObject) {}

  /** What the schema takes, its boundaries often. */
  valid(given: unknown): Arbitrary<unknown> {
    const schema = this.resolved(given);
    const drawn = this.drawn(schema);
    return 'example' in schema
      ? fc.oneof({ weight: 1, arbitrary: fc.constant(schema.example) }, { weight: 3, arbitrary: drawn })
      : drawn;
  }

  /** What the schema hardly takes: another type, beyond its boundaries, or what has broken programs before. */
  broken(given: unknown): Arbitrary<unknown> {
    const schema = this.resolved(given);
    const { minimum, maximum, maxLength, maxItems } = schema as Record<string, number | undefined>;
    const beyond: unknown[] = [
      ...(minimum === undefined ? [] : [minimum - 1, minimum - 0.5]),
      ...(maximum === undefined ? [] : [maximum + 1, maximum * 1e6, String(maximum)]),
      ...(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1), '😀'.repeat(maxLength + 1)]),
      ...(maxItems === undefined ? [] : [new Array(maxItems + 1).fill('a')]),
      ...(Array.isArray(schema.enum) ? schema.enum.map((each) => String(each).toUpperCase()) : []),
    ];
    return fc.oneof(
      fc.constantFrom(...NAUGHTY_VALUES),
      fc.constantFrom(...NAUGHTY_TEXTS),
      ...(beyond.length > 0 ? [fc.constantFrom(...beyond)] : []),
      fc.jsonValue({ maxDepth: 3 }),
    );
  }

  /** The fields of an object, and which of them it needs. */
  fieldsOf(given: unknown): {
    readonly fields: ReadonlyMap<string, unknown>;
    readonly needed: ReadonlySet<string>;
  } {
    const { properties = {}, required = [] } = this.resolved(given) as {
      properties?: Json;
      required?: readonly string[];
    };
    return { fields: new Map(Object.entries(properties)), needed: new Set(required) };
  }

  private drawn(schema: Json): Arbitrary<unknown> {
    if ('const' in schema) return fc.constant(schema.const);
    if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
    const { anyOf, allOf } = schema as { anyOf?: Json[]; allOf?: [Json] };
    if (anyOf !== undefined) return fc.oneof(...anyOf.map((each) => this.valid(each)));
    if (allOf !== undefined) return this.valid(allOf[0]);
    switch (schema.type) {
      case 'string':
        return text(schema);
      case 'integer':
        return whole(schema);
      case 'number':
        return fc.double({ noNaN: true, noDefaultInfinity: true });
      case 'boolean':
        return fc.boolean();
      case 'array':
        return this.list(schema);
      case 'object':
        return this.object(schema);
      default:
        return fc.jsonValue({ maxDepth: 2 });
    }
  }

  private list({ items, minItems = 0 }: Json): Arbitrary<unknown> {
    return fc.array(this.valid(items), { minLength: minItems as number, maxLength: MOST_ITEMS });
  }

  private object(schema: Json): Arbitrary<unknown> {
    if (schema.additionalProperties === true) return freeObject();
    const { fields, needed } = this.fieldsOf(schema);
    const values = Object.fromEntries([...fields].map(([name, inner]) => [name, this.valid(inner)]));
    return fc.record(values, { requiredKeys: [...needed] });
  }

  private resolved(value: unknown): Json {
    const { $ref } = value as { $ref?: string };
    if ($ref === undefined) return value as Json;
    const parts = $ref.slice(2).split('/');
    return parts.reduce<unknown>((node, key) => (node as Json)[key], this.document) as Json;
  }
}

function text({ minLength = 0, maxLength = 200, format, pattern }: Json): Arbitrary<unknown> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time')
    return fc.date({ min: FIRST_DAY, max: LAST_DAY, noInvalidDate: true }).map((date) => date.toISOString());
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern));
  const [min, max] = [minLength as number, maxLength as number];
  const drawn = { minLength: min, maxLength: Math.min(max, LONGEST_DRAWN) };
  return fc.oneof(
    { weight: 3, arbitrary: fc.string(drawn) },
    { weight: 2, arbitrary: fc.string({ ...drawn, unit: 'binary' }) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('x'.repeat(max), '😀'.repeat(max), 'ä'.repeat(Math.max(min, 1))),
    },
  );
}

function whole({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: Json): Arbitrary<number> {
  const [min, max] = [minimum as number, maximum as number];
  return fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max: Math.min(max, 2 ** 31) }));
}

/** Free JSON, its names by malice now and then. */
function freeObject(): Arbitrary<object> {
  const name = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom(...NAUGHTY_KEYS));
  return fc
    .array(fc.tuple(name, fc.jsonValue({ maxDepth: 2 })), { maxLength: MOST_ITEMS })
    .map((entries) => JSON.parse(textOf(entries)) as object);
}

/** An object as text, whatever its names are, and as often as they are there. */
export function textOf(entries: readonly (readonly [string, unknown])[]): string {
  const told = entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${told.join()}}`;
}
