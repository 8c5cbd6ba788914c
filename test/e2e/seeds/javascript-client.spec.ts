import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { itNeeding } from '../../support/it-needing';
import { BuiltServer } from '../../support/built-server';
import { clientIn, EXAMPLES, expectDocumentedRun, type Printed } from './documented-clients';
import { runScript } from './run-script';
import { missingDocument, pointedAt, seedDocument } from './seed-documents';

/** Loaded before the client: what it prints is JSON then, a line each, and not cut off for human eyes. */
const PRINT_JSON = `
console.log = (...values) => process.stdout.write(JSON.stringify(values) + '\\n');
console.error = console.log;
`;

describe('the JavaScript client of the documents, run as it is', () => {
  const missing = missingDocument(EXAMPLES);
  const itHere = itNeeding(missing);
  let server: BuiltServer;

  beforeAll(async () => {
    if (missing === null) server = await BuiltServer.start();
  });

  afterAll(async () => {
    if (missing === null) await server.dispose();
  });

  itHere('creates, gets and completes a task', async () => {
    const { url, key, folder } = server;
    const document = seedDocument(EXAMPLES);
    writeFileSync(join(folder, 'client.js'), pointedAt(clientIn(document, 'javascript'), { url, key }));
    writeFileSync(join(folder, 'print-json.cjs'), PRINT_JSON);
    const args = ['--require', './print-json.cjs', 'client.js'];
    const lines = (await runScript(process.execPath, args, folder)).trim().split('\n');
    expectDocumentedRun(
      document,
      lines.map((line) => JSON.parse(line) as Printed),
    );
  });
});
