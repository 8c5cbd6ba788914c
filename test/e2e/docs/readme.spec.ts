import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { settingsAsMarkdown } from '@task/infrastructure';
import { EXIT } from '../../../src/cli/exit-codes';
import { STATUS_OF } from '../../../src/http/orchestrator/failure-table';
import { STATUS_OF as TASK_MANAGER_STATUS_OF } from '../../../src/http/task-manager/failure-table';
import { itNeeding } from '../../support/it-needing';
import { BuiltServer } from '../../support/built-server';
import { codeBlocksIn, type CodeBlock } from '../seeds/code-blocks';
import { runScript } from '../seeds/run-script';
import { missingCurl } from '../seeds/seed-documents';

const README = readFileSync(resolve(__dirname, '../../../README.md'), 'utf8');
const CHECKED = '<!-- checked -->';
const SEPARATOR = '---- next block';

/** Commands that are run here, in the order of the document, with the answer that it shows to the last of them. */
interface Step {
  readonly code: string;
  readonly shown: CodeBlock | undefined;
}

/** A parameter of an operation, as the API's document has it. */
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema: { readonly default?: string | number };
}

const blocks = codeBlocksIn(README);
const isCommand = ({ language }: CodeBlock): boolean => language === 'bash';
const isChecked = (block: CodeBlock): boolean => isCommand(block) && block.label === CHECKED;
const steps: readonly Step[] = blocks.flatMap((block, index) => {
  const next = blocks[index + 1];
  return isChecked(block) ? [{ code: block.code, shown: next?.language === 'json' ? next : undefined }] : [];
});

describe('README.md', () => {
  let server: BuiltServer;

  beforeAll(async () => {
    server = await BuiltServer.start();
  });

  afterAll(() => server.dispose());

  it('has no curl line that is not run here', () => {
    const unchecked = blocks.filter((block) => isCommand(block) && !isChecked(block));

    expect(steps.length).toBeGreaterThan(0);
    expect(unchecked.filter(({ code }) => code.includes('curl'))).toEqual([]);
  });

  itNeeding(missingCurl())(
    'shows the answers that its commands get, copied one after the other',
    async () => {
      const script = ['set -eu', steps.map(({ code }) => code).join(`\necho; echo '${SEPARATOR}'\n`)].join(
        '\n',
      );
      const output = await runScript(
        'bash',
        ['-c', script.replaceAll('http://127.0.0.1:8080', server.url)],
        server.folder,
      );
      const answers = output.split(SEPARATOR).map(answersIn);

      expect(answers).toHaveLength(steps.length);
      for (const [index, { code, shown }] of steps.entries()) {
        const last = answers[index]?.at(-1);
        expect([code, masked(last)]).toEqual([
          code,
          shown === undefined ? expect.objectContaining({ success: true }) : masked(JSON.parse(shown.code)),
        ]);
      }
    },
  );

  it('lists the endpoints that there are', async () => {
    const served = [...(await servedUnder('')), ...(await servedUnder('/task-manager'))];
    const listed = [...README.matchAll(/^\| `((?:GET|POST|PUT|PATCH|DELETE) [^`]+)`/gm)].map(
      ([, name]) => name,
    );

    expect(listed.sort()).toEqual(served.sort());
  });

  it('lists the parameters of the list, with their defaults', async () => {
    const [, table = ''] = /<!-- list -->\n([^]*?)\n<!-- \/list -->/.exec(README) ?? [];
    const listed = [...table.matchAll(/^\| `(\w+)` +\| (?:`(\w+)`)? +\|/gm)].map(
      ([, name, byDefault = '']) => [name, byDefault],
    );
    const { parameters } = (await pathsUnder(''))['/api/v1/tasks']?.get as { parameters: Parameter[] };
    const served = parameters
      .filter((parameter) => parameter.in === 'query')
      .map(({ name, schema }) => [name, String(schema.default ?? '')]);

    expect(listed.sort()).toEqual(served.sort());
  });

  async function pathsUnder(prefix: string): Promise<Record<string, Record<string, object>>> {
    const { paths } = (await (await fetch(`${server.url}${prefix}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, object>>;
    };
    return paths;
  }

  async function servedUnder(prefix: string): Promise<string[]> {
    const paths = await pathsUnder(prefix);
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${prefix}${path}`),
    );
  }

  it('lists every error of the task manager with its status', () => {
    const listed = [...README.matchAll(/^\| `([A-Z_]+)` +\| (\d{3}) /gm)].map(([, code, status]) => [
      code,
      Number(status),
    ]);

    expect(Object.fromEntries(listed)).toEqual(TASK_MANAGER_STATUS_OF);
  });

  it('lists every error with its status', () => {
    const listed = [...README.matchAll(/^\| (\d{3}) +\| `(\w+)`/gm)].map(([, status, code]) => [
      code,
      Number(status),
    ]);

    expect(Object.fromEntries(listed)).toEqual(STATUS_OF);
  });

  it('lists every exit code of the command line', () => {
    const listed = [...README.matchAll(/^\| `(\d)` +\| /gm)].map(([, code]) => Number(code));

    expect(listed).toEqual(Object.values(EXIT));
  });

  it('has the settings as they are', () => {
    const [, table] = /<!-- settings -->\n([^]*?)\n<!-- \/settings -->/.exec(README) ?? [];

    expect(table?.trim()).toBe(settingsAsMarkdown());
  });
});

/** Every answer on a line of its own. */
function answersIn(output: string): unknown[] {
  return output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as unknown);
}

/** The same, without what is new each time: ids, tokens and times. */
function masked(value: unknown): unknown {
  const text = JSON.stringify(value)
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'an id')
    .replaceAll(/\b[0-9a-f]{32}\b/g, 'a token')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'a time');
  return JSON.parse(text) as unknown;
}
