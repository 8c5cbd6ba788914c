import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { itNeeding } from '../../support/it-needing';
import { BuiltServer } from '../../support/built-server';
import { codeBlocksIn } from './code-blocks';
import { runScript } from './run-script';
import { missingDocument, PYTHON, seedDocument } from './seed-documents';

const DOCUMENT = 'agent-tasks-api.md';

/** What the document's client takes for granted: asyncio, and a `get` that answers with a status and a body. */
const BEFORE = `
import asyncio, json, sys, urllib.request

class Response:
    def __init__(self, status, body):
        self.status, self.body = status, body

    def json(self):
        return json.loads(self.body)

def send(method, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    headers = {'Content-Type': 'application/json'}
    request = urllib.request.Request(sys.argv[1] + path, data, headers, method=method)
    with urllib.request.urlopen(request) as answer:
        return Response(answer.status, answer.read())

async def get(path):
    return send('GET', path)
`;

/** Files a task, and polls it with the document's function until it has ended, with its advice to wait longer. */
const AFTER = `
async def main():
    body = json.loads(sys.argv[2])
    created = send('POST', '/tasks', body)
    seen = [created.json()['status']]
    task_id, delay, task = created.json()['task_id'], 0.05, created.json()
    while task['status'] in ('created', 'running'):
        await asyncio.sleep(delay)
        delay = min(delay * 2, 2)
        task = await poll_task_status(task_id)
        seen.append(task['status'])
    print(json.dumps({'created': created.status, 'seen': seen, 'task': task}))

asyncio.run(main())
`;

interface Printed {
  readonly created: number;
  readonly seen: readonly string[];
  readonly task: Readonly<Record<string, unknown>>;
}

describe('the polling client of the agent-tasks document, run as it is', () => {
  const missing = missingDocument(DOCUMENT);
  const itHere = itNeeding(missing);
  let server: BuiltServer;

  beforeAll(async () => {
    if (missing !== null) return;
    server = await BuiltServer.start({ ENABLE_AUTH: 'false' });
    const [client, another] = codeBlocksIn(seedDocument(DOCUMENT)).filter(
      ({ language }) => language === 'python',
    );
    if (client === undefined || another !== undefined) throw new Error('not one client in the document');
    writeFileSync(join(server.folder, 'client.py'), BEFORE + client.code + AFTER);
  });
  afterAll(async () => {
    if (missing === null) await server.dispose();
  });

  const run = async (body: object): Promise<Printed> => {
    const printed = await runScript(PYTHON, ['client.py', server.url, JSON.stringify(body)], server.folder);
    return JSON.parse(printed) as Printed;
  };

  itHere('follows a task until it is completed', async () => {
    const parameters = { seconds: 0.5 };
    const { created, seen, task } = await run({ task_type: 'sleep', description: 'rest', parameters });

    expect([created, seen[0], seen.at(-1)]).toEqual([201, 'created', 'completed']);
    expect(seen).toContain('running');
    expect(task).toMatchObject({
      status: 'completed',
      progress: 100,
      result: { slept_seconds: 0.5 },
      error: null,
    });
  });

  itHere('is told why a task has failed', async () => {
    const { task } = await run({
      task_type: 'sleep',
      description: 'rest',
      parameters: { seconds: 60 },
      timeout_seconds: 1,
    });

    expect(task).toMatchObject({ status: 'failed', error: 'timed out after 1 s' });
  });
});
