import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ApiClient } from '../../support/api-client';
import { BuiltServer } from '../../support/built-server';
import { readExposition } from '../../support/prometheus-text';

const README = readFileSync(resolve(__dirname, '../../../README.md'), 'utf8');

/** What of a metric the README tells. */
interface Told {
  readonly name: string;
  readonly type: string;
  readonly labels: string;
  readonly help: string;
}

const ROW = /^\| `(task_orchestrator_\w+)` +\| (\w+) +\| ((?:`\w+`(?:, )?)*) *\| (.+?) +\|$/gm;
const told: readonly Told[] = [...README.matchAll(ROW)].map(
  ([, name = '', type = '', labels = '', help = '']) => ({
    ...{ name, type, help },
    labels: labels.replaceAll('`', ''),
  }),
);

describe('README.md', () => {
  let server: BuiltServer;

  beforeAll(async () => {
    server = await BuiltServer.start();
  });

  afterAll(() => server.dispose());

  it('has the metrics as they are', async () => {
    const admin = new ApiClient(server.url, server.key);
    await admin.createTask();
    const { text } = await admin.get('/metrics');
    const families = [...readExposition(text).values()].filter(({ name }) =>
      name.startsWith('task_orchestrator_'),
    );
    const served = families.map(({ name, type, help, samples }) => ({
      ...{ name, type, help },
      labels: [...new Set(samples.flatMap(({ labels }) => Object.keys(labels)))].filter(
        (label) => label !== 'le',
      ),
    }));
    expect(told).toEqual(served.map(({ labels, ...rest }) => ({ ...rest, labels: labels.join(', ') })));
  });
});
