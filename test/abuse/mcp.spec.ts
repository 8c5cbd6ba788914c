import type { OpenAPIObject } from '@nestjs/swagger';
import fc, { type Arbitrary } from 'fast-check';
import { seedOfRun } from '../support/seeded-random';
import { AbusedService } from './abused-service';
import { INSIDES, type Answered } from './exchange';
import { NAUGHTY_BODIES, NAUGHTY_TEXTS, NAUGHTY_VALUES } from './fuzz/naughty';
import { SchemaValues } from './fuzz/values';
import { sized } from './sized';

const SEED = seedOfRun();
const RUNS = sized(15, 1_000);
const INTERNAL_ERROR = -32_603;
/** Parameters of `initialize` that are none are an internal error to the SDK, which lists what is wrong with them. */
const LISTED = /^\[\s*\{\s*"/;
/** Methods of every revision, and some that none has. */
const METHODS = [
  ...[
    'ping',
    'initialize',
    'server/discover',
    'tools/list',
    'tools/call',
    'resources/list',
    'resources/read',
  ],
  ...['resources/templates/list', 'prompts/list', 'prompts/get', 'completion/complete', 'logging/setLevel'],
  ...['tasks/get', 'tasks/list', 'tasks/cancel', 'tasks/result', 'notifications/cancelled', '', '__proto__'],
];
const NO_SCHEMA = { openapi: '3.1.0', info: { title: '', version: '' }, paths: {} } as OpenAPIObject;

interface Tool {
  readonly name: string;
  readonly inputSchema: { readonly properties?: Readonly<Record<string, unknown>> };
}

describe(`whatever is sent to /mcp (TEST_SEED=${SEED})`, () => {
  const values = new SchemaValues(NO_SCHEMA);
  let service: AbusedService;

  beforeAll(async () => (service = await AbusedService.start({}, { isGoodAlone: false })));
  afterAll(() => service.dispose());

  const post = (body: Buffer): Promise<Answered> => {
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' };
    return service.ask(service.doors.main[0], {
      method: 'POST',
      path: '/mcp',
      headers,
      body,
      isStreamRead: true,
    });
  };
  const call = (method: unknown, params: unknown): Promise<Answered> =>
    post(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })));

  /** What is wrong with an answer; '' when nothing is. */
  const wrongIn = ({ status, text }: Answered): string => {
    if (status >= 500 || INSIDES.test(text)) return `${status}: ${text}`;
    for (const message of messagesIn(text)) {
      const { jsonrpc, error } = message as { jsonrpc?: string; error?: { code?: unknown; message: string } };
      const isInternal = error?.code === INTERNAL_ERROR && !LISTED.test(error.message);
      if (jsonrpc !== '2.0' || isInternal) return `${status}: ${text}`;
      if (text.includes('INTERNAL_ERROR')) return `${status}: ${text}`;
    }
    return status === 202 || messagesIn(text).length > 0 ? '' : `${status} without a message: ${text}`;
  };
  const holds = async (answer: Arbitrary<() => Promise<Answered>>): Promise<void> =>
    fc.assert(
      fc.asyncProperty(answer, async (ask) => expect(wrongIn(await ask())).toBe('')),
      { seed: SEED, numRuns: RUNS },
    );

  it(
    'is answered as JSON-RPC: arguments of every tool',
    async () => {
      const [list] = messagesIn((await call('tools/list', {})).text) as { result: { tools: Tool[] } }[];
      const tools = list?.result.tools ?? [];
      expect(tools.length).toBeGreaterThan(10);
      for (const { name, inputSchema } of tools) {
        const fields = Object.entries(inputSchema.properties ?? {}).map(([field, schema]) => {
          if (field === 'wait') return [field, fc.constantFrom(0, -1, 'soon')];
          return [field, fc.oneof(values.valid(schema), values.broken(schema))];
        });
        const record = fc.record(Object.fromEntries(fields) as Record<string, Arbitrary<unknown>>, {
          requiredKeys: [],
        });
        const given = fc.oneof({ weight: 5, arbitrary: record }, fc.constantFrom(...NAUGHTY_VALUES));
        await holds(given.map((args) => () => call('tools/call', { name, arguments: args })));
      }
    },
    sized(180_000, 900_000),
  );

  it(
    'is answered as JSON-RPC: any method, with any parameters',
    async () => {
      const uri = fc.constantFrom(...NAUGHTY_TEXTS, ...NAUGHTY_TEXTS.map((text) => `task://${text}`));
      const params = fc.oneof(
        fc.record(
          { name: uri, uri, cursor: uri, taskId: uri, arguments: fc.constantFrom(...NAUGHTY_VALUES) },
          { requiredKeys: [] },
        ),
        fc.constantFrom(...NAUGHTY_VALUES),
      );
      const method = fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom<unknown>(...METHODS) },
        fc.constantFrom(...NAUGHTY_VALUES),
      );
      await holds(
        fc.tuple(method, params).map(
          ([name, given]) =>
            () =>
              call(name, given),
        ),
      );
    },
    sized(180_000, 600_000),
  );

  it.each([...NAUGHTY_BODIES.entries()])('is answered as JSON-RPC: broken body %#', async (_index, body) => {
    expect(wrongIn(await post(body))).toBe('');
  });

  it('keeps nobody from working, and brings nothing into disorder', async () => {
    expect(await service.verdict()).toMatchObject({ complaints: [], errors: [] });
  });
});

const DATA = 'data: ';

/** The messages of an answer, whether it is JSON or a stream of it. */
function messagesIn(text: string): unknown[] {
  if (text.startsWith('{') || text.startsWith('[')) return [JSON.parse(text)].flat() as unknown[];
  // Only these end a line of a stream: to `$` and `.` some characters within JSON text do as well.
  const lines = text.split(/\r\n|[\r\n]/);
  return lines.flatMap((line) =>
    line.startsWith(`${DATA}{`) ? [JSON.parse(line.slice(DATA.length)) as unknown] : [],
  );
}
