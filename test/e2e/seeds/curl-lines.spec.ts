import { itNeeding } from '../../support/it-needing';
import { ApiClient } from '../../support/api-client';
import { BuiltServer } from '../../support/built-server';
import { curlLinesIn, EXAMPLE_ID, type CurlLine } from './curl-lines';
import { Preparation } from './preparation';
import { runScript } from './run-script';
import { missingCurl, missingDocument, pointedAt, seedDocument } from './seed-documents';
import { shapeFaults } from './shape';

/** Every route that has a curl line, in the order of the documents, so that none is overlooked. */
const ROUTES = {
  'orchestrator-api-spec.md': [
    'POST /api/v1/tasks',
    'GET /api/v1/tasks/next',
    'POST /api/v1/tasks/{task_id}/complete',
    'GET /api/v1/tasks',
  ],
  'orchestrator-api-examples.md': [
    'POST /api/v1/tasks',
    'GET /api/v1/tasks/next',
    'POST /api/v1/tasks/{task_id}/complete',
    'GET /api/v1/tasks/{task_id}',
    'GET /api/v1/tasks',
    'POST /api/v1/tasks/{task_id}/cancel',
    'POST /api/v1/tasks/{task_id}/retry',
    'GET /health',
    'GET /api/v1/statistics',
  ],
} as const;

describe.each(Object.entries(ROUTES))('the curl lines of %s, run as they are', (name, routes) => {
  const missing = missingDocument(name) ?? missingCurl();
  const itHere = itNeeding(missing);
  if (missing !== null) {
    itHere('answer in the documented shape', () => Promise.resolve());
    return;
  }

  const lines = curlLinesIn(seedDocument(name));
  let server: BuiltServer;
  let preparation: Preparation;

  beforeAll(async () => {
    server = await BuiltServer.start();
    preparation = new Preparation(new ApiClient(server.url, server.key));
  });

  afterAll(() => server.dispose());

  const run = async ({ script }: CurlLine, taskId = EXAMPLE_ID): Promise<unknown> => {
    const { url, key, folder } = server;
    const code = pointedAt(script, { url, key }).replaceAll(EXAMPLE_ID, taskId);
    return JSON.parse(await runScript('bash', ['-c', code], folder));
  };

  it('are all here', () => {
    expect(lines.map(({ route }) => route)).toEqual(routes);
  });

  for (const line of lines) {
    itHere(`${line.title} is answered in the documented shape`, async () => {
      const [documented] = line.answers;
      const answer = await run(line, await preparation.for(line));
      expect(documented).toBeDefined();
      expect(shapeFaults(withoutAbsentParts(documented), answer)).toEqual([]);
      expect(statusOf(answer)).toEqual(statusOf(documented));
    });
  }

  for (const line of lines.filter(({ answers }) => answers.length > 1)) {
    itHere(`${line.title} is answered in the documented shape when there is nothing`, async () => {
      await preparation.drain(line);
      expect(shapeFaults(line.answers[1], await run(line))).toEqual([]);
    });
  }
});

/** Of a task, or of the service. */
function statusOf(answer: unknown): unknown {
  const { status, data } = answer as { status?: unknown; data?: { status?: unknown } | null };
  return status ?? data?.status;
}

/** `/health` lists only the parts that exist: a service without a cache has none to show. Source: behaviour.md 6. */
function withoutAbsentParts(documented: unknown): unknown {
  const { components, ...rest } = documented as { components?: { database: unknown } };
  return components === undefined ? documented : { ...rest, components: { database: components.database } };
}
