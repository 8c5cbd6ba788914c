import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { itNeeding } from '../../support/it-needing';
import { ApiClient } from '../../support/api-client';
import { BuiltServer } from '../../support/built-server';
import { answersTo, clientIn, EXAMPLES, expectDocumentedRun, type Printed } from './documented-clients';
import { Preparation } from './preparation';
import { runScript } from './run-script';
import { missingDocument, missingPython, pointedAt, PYTHON, seedDocument } from './seed-documents';
import { shapeFaults } from './shape';

const READ = 'GET /api/v1/tasks/{task_id}';
/** Reads what the client printed: lines of a label and a Python literal. */
const AS_JSON = `
import ast, json, sys
lines = open(sys.argv[1], encoding='utf-8').read().splitlines()
pairs = [line.split(' {', 1) for line in lines]
print(json.dumps([[label, ast.literal_eval('{' + rest)] for label, rest in pairs]))
`;

describe('the Python client of the documents, run as it is', () => {
  const missing = missingDocument(EXAMPLES) ?? missingPython();
  const itHere = itNeeding(missing);
  let server: BuiltServer;
  let document: string;

  beforeAll(async () => {
    if (missing !== null) return;
    document = seedDocument(EXAMPLES);
    server = await BuiltServer.start();
    const { url, key, folder } = server;
    writeFileSync(join(folder, 'client.py'), pointedAt(clientIn(document, 'python'), { url, key }));
  });

  afterAll(async () => {
    if (missing === null) await server.dispose();
  });

  itHere('creates, gets and completes a task', async () => {
    const { folder } = server;
    writeFileSync(join(folder, 'printed.txt'), await runScript(PYTHON, ['client.py'], folder));
    const printed = JSON.parse(await runScript(PYTHON, ['-c', AS_JSON, 'printed.txt'], folder)) as Printed[];
    expectDocumentedRun(document, printed);
  });

  itHere('reads a task', async () => {
    const { url, key, folder } = server;
    const [documented] = answersTo(document, READ);
    const taskId = await new Preparation(new ApiClient(url, key)).documented(documented);

    const client = `client.TaskOrchestratorClient('${url}', '${key}')`;
    const script = `import client, json; print(json.dumps(${client}.get_task('${taskId}')))`;
    const answer: unknown = JSON.parse(await runScript(PYTHON, ['-c', script], folder));
    expect(shapeFaults(documented, answer)).toEqual([]);
  });
});
