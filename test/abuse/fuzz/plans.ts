import fc, { type Arbitrary } from 'fast-check';
import type { Sent } from '../exchange';
import { NAUGHTY_BODIES, NAUGHTY_KEYS, NAUGHTY_QUERIES, NAUGHTY_TEXTS } from './naughty';
import type { Operation, Parameter } from './operations';
import { textOf, type SchemaValues } from './values';

/** A request to be sent, with the names of things that the service has made in place of their ids. */
export interface Plan {
  readonly request: Sent;
  /** Which of the doors it goes through, and which of the things that are known it is about. */
  readonly pick: number;
}

/** How much of a request is wrong. */
type Part = 'path' | 'query' | 'headers' | 'body';

/** Names of parameters and fields that stand for something which the service has made. */
const KNOWN = new Set(['task_id', 'lease_token', 'lease_tokens', 'worker_id', 'key_id', 'schedule_id']);
/** A claim that waits is abuse of the one who waits for it. */
const SHORT_WAITS = [0, 0, 0, 1];
const NAUGHTY_SEGMENTS = ['%', '%zz', '%ff', '%00', '%2e%2e', '%252e', ';a=b', '*', '~'];

const NAUGHTY_HEADERS: readonly (readonly [string, string])[] = [
  ...(['zh', 'zh-CN,en;q=0.1', '*', ';;q=9,,', 'x'.repeat(3_000)] as const).map(
    (value) => ['Accept-Language', value] as const,
  ),
  ['Accept', 'text/html, image/*;q=x'],
  ['Accept-Encoding', 'gzip, br;q=1, *;q=0'],
  ['X-Request-ID', '<script>'],
  ['X-HTTP-Method-Override', 'DELETE'],
  ['Range', 'bytes=0-0,5-'],
  ['If-None-Match', '*'],
  ['If-Match', '"x"'],
  ['Expect', 'a miracle'],
  ['X-Forwarded-For', "127.0.0.1, ' OR 1=1"],
  ['X-Forwarded-Proto', 'gopher'],
  ['Forwarded', 'for="[::1]:0";proto=x'],
  ['Origin', 'null'],
  ['Origin', 'http://evil.example'],
  ['Sec-Fetch-Site', 'cross-site'],
  ['Cookie', '__proto__=1; a'],
  ['Upgrade', 'h2c'],
  ['Content-Encoding', 'gzip'],
  ['Content-Type', 'text/plain'],
  ['Content-Type', 'application/x-www-form-urlencoded'],
  ['Content-Type', 'application/json; charset=utf-7'],
  ['Authorization', 'Bearer '],
  ['Authorization', `Bearer to_${'A'.repeat(49)}`],
  ['Authorization', 'Basic YWRtaW46YWRtaW4='],
  ['__proto__', 'x'],
  ['constructor', 'x'],
];

/** Makes requests for one operation: a third as they should be, the others wrong somewhere, or everywhere. */
export class Plans {
  constructor(private readonly values: SchemaValues) {}

  for(operation: Operation): Arbitrary<Plan> {
    const all: readonly Part[] = ['path', 'query', 'headers', 'body'];
    const kinds: readonly (readonly [weight: number, wrong: readonly Part[]])[] = [
      [5, []],
      [2, ['path']],
      [2, ['query']],
      [2, ['headers']],
      [4, ['body']],
      [1, all],
    ];
    const requests = kinds.map(([weight, wrong]) => ({
      weight,
      arbitrary: this.request(operation, new Set(wrong)),
    }));
    return fc.record({ request: fc.oneof(...requests), pick: fc.nat() });
  }

  private request(operation: Operation, wrong: ReadonlySet<Part>): Arbitrary<Sent> {
    const { method } = operation;
    const all = {
      path: this.path(operation, wrong.has('path')),
      query: this.query(operation, wrong.has('query')),
      headers: this.headers(operation, wrong.has('headers')),
      body: this.body(operation, wrong.has('body')),
    };
    return fc.record(all).map(({ path, query, headers, body }) => ({
      ...{ method, path: path + query, body },
      headers: { ...(body !== null && { 'Content-Type': 'application/json' }), ...headers },
    }));
  }

  private path({ path, parameters }: Operation, isWrong: boolean): Arbitrary<string> {
    const named = parameters.filter((parameter) => parameter.in === 'path');
    const segments = named.map((parameter) =>
      isWrong ? naughtySegment() : this.value(parameter, false).map((value) => encoded(value) || 'x'),
    );
    return fc
      .tuple(...segments)
      .map((texts) =>
        named.reduce((whole, { name }, index) => whole.replace(`{${name}}`, () => texts[index] ?? ''), path),
      );
  }

  private query({ parameters }: Operation, isWrong: boolean): Arbitrary<string> {
    const pairs = parameters
      .filter((parameter) => parameter.in === 'query')
      .map((parameter) => this.pair(parameter, isWrong));
    const right = fc.tuple(...pairs).map((texts) => texts.filter((text) => text !== '').join('&'));
    const text = isWrong
      ? fc.oneof(
          right,
          fc.constantFrom(...NAUGHTY_QUERIES),
          fc.tuple(right, fc.constantFrom(...NAUGHTY_QUERIES)).map((both) => both.join('&')),
        )
      : right;
    return text.map((all) => (all === '' ? '' : `?${all}`));
  }

  private pair(parameter: Parameter, isWrong: boolean): Arbitrary<string> {
    const { name, required = false } = parameter;
    const value = isWrong
      ? fc.oneof(this.value(parameter, true), this.value(parameter, false))
      : this.value(parameter, false);
    const told = value.map((each) => `${name}=${encoded(each)}`);
    const absent = fc.constant('');
    return required && !isWrong
      ? told
      : fc.oneof({ weight: 2, arbitrary: absent }, { weight: 1, arbitrary: told });
  }

  private headers({ parameters }: Operation, isWrong: boolean): Arbitrary<Record<string, string>> {
    const own = parameters.filter((parameter) => parameter.in === 'header');
    const pairs = own.map((parameter) =>
      fc.option(
        this.value(parameter, isWrong).map((value) => [parameter.name, headerText(value)] as const),
        { freq: 2 },
      ),
    );
    const extra = isWrong
      ? fc.array(fc.constantFrom(...NAUGHTY_HEADERS), { minLength: 1, maxLength: 4 })
      : fc.constant([]);
    return fc
      .tuple(extra, fc.tuple(...pairs))
      .map(([extras, given]) => Object.fromEntries([...extras, ...given.filter((pair) => pair !== null)]));
  }

  private value({ name, schema }: Parameter, isWrong: boolean): Arbitrary<unknown> {
    return isWrong ? this.values.broken(schema) : this.right(name, schema);
  }

  private right(name: string, schema: unknown): Arbitrary<unknown> {
    if (name === 'wait') return fc.constantFrom(...SHORT_WAITS);
    const drawn = this.values.valid(schema);
    if (!KNOWN.has(name)) return drawn;
    const known = fc.constant(name === 'lease_tokens' ? ['KNOWN-lease_token'] : `KNOWN-${name}`);
    return fc.oneof({ weight: 4, arbitrary: known }, { weight: 1, arbitrary: drawn });
  }

  private body({ method, body }: Operation, isWrong: boolean): Arbitrary<Buffer | null> {
    if (method === 'GET') return fc.constant(null);
    const naughty = fc.constantFrom(null, ...NAUGHTY_BODIES);
    if (body === null) return isWrong ? naughty : fc.constant(null);
    if (body.type === 'array') {
      const items = fc.array(this.object(body.items, isWrong), { minLength: isWrong ? 0 : 1, maxLength: 4 });
      const list = items.map((texts) => Buffer.from(`[${texts.join()}]`));
      return isWrong ? fc.oneof({ weight: 3, arbitrary: list }, naughty) : list;
    }
    const object = this.object(body, isWrong).map((text) => Buffer.from(text));
    return isWrong ? fc.oneof({ weight: 4, arbitrary: object }, naughty) : object;
  }

  /** An object as text; a wrong one has fields of other types, too few of them, too many, or some twice. */
  private object(schema: unknown, isWrong: boolean): Arbitrary<string> {
    const { fields, needed } = this.values.fieldsOf(schema);
    const entries = [...fields].map(([name, inner]) => {
      const right = this.field(name, inner).map((value) => [name, value] as const);
      const absent = fc.constant(null);
      if (!isWrong) return needed.has(name) ? right : fc.option(right);
      const broken = this.values.broken(inner).map((value) => [name, value] as const);
      const isNeeded = needed.has(name);
      return fc.oneof(
        { weight: isNeeded ? 6 : 2, arbitrary: right },
        { weight: 1, arbitrary: broken },
        { weight: isNeeded ? 1 : 3, arbitrary: absent },
      );
    });
    const extras = isWrong
      ? fc.array(
          fc.tuple(fc.constantFrom(...NAUGHTY_KEYS, ...fields.keys()), fc.jsonValue({ maxDepth: 1 })),
          { maxLength: 2 },
        )
      : fc.constant([]);
    return fc
      .tuple(fc.tuple(...entries), extras)
      .map(([given, more]) => textOf([...given.filter((entry) => entry !== null), ...more]));
  }

  private field(name: string, schema: unknown): Arbitrary<unknown> {
    const { items } = schema as { items?: { $ref?: string } };
    if (items?.$ref === undefined) return this.right(name, schema);
    const objects = fc.array(this.object(items, false), { minLength: 1, maxLength: 3 });
    return objects.map((texts) => JSON.parse(`[${texts.join()}]`) as unknown);
  }
}

function naughtySegment(): Arbitrary<string> {
  const texts = NAUGHTY_TEXTS.filter((text) => text !== '').map(encoded);
  return fc.constantFrom(...NAUGHTY_SEGMENTS, ...texts.filter((text) => text.length < 8_000));
}

function encoded(value: unknown): string {
  return encodeURIComponent(plain(value).slice(0, 3_000).toWellFormed());
}

/** What Node lets into a header. */
function headerText(value: unknown): string {
  return plain(value)
    .slice(0, 3_000)
    .replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?');
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
