import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { builtProgram, environmentOf, scratchFolder } from '../../support/built-server';
import { eventually } from '../../support/eventually';

interface Answer {
  readonly id: unknown;
  readonly result?: { readonly structuredContent?: Readonly<Record<string, unknown>> };
}

describe('task-orchestrator mcp, line by line', () => {
  let folder: string;
  let child: ChildProcessByStdio<Writable, Readable, Readable>;
  let written: string;
  let logged: string;

  beforeEach(() => {
    folder = scratchFolder();
    written = '';
    logged = '';
    const [node, launcher] = builtProgram();
    child = spawn(node, [launcher, 'mcp'], { cwd: folder, env: environmentOf({}) });
    child.stdout.setEncoding('utf8').on('data', (text: string) => (written += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (logged += text));
  });
  afterEach(async () => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const call = (id: unknown, name: string, args: object): object => ({
    jsonrpc: '2.0',
    ...{ id, method: 'tools/call', params: { name, arguments: args } },
  });
  const created = (id: unknown, prompt: string): object =>
    call(id, 'task_create', { work_directory: '/srv/lines', prompt });
  const say = (message: object): boolean => child.stdin.write(`${JSON.stringify(message)}\n`);
  const answerTo = (id: unknown): Promise<Answer> =>
    eventually(async () => {
      const lines = written.split('\n').slice(0, -1);
      return lines.map((line) => JSON.parse(line) as Answer).find((answer) => answer.id === id) ?? null;
    });
  const taskOf = async (id: unknown): Promise<Readonly<Record<string, unknown>>> =>
    (await answerTo(id)).result?.structuredContent ?? {};

  it('takes whatever JSON may have in it, in batches too, and answers everything, whoever reads its log', async () => {
    const prompt = 'one\u2028two\u2029three\u0085four';
    say(created(1, prompt));
    const { task_id } = await taskOf(1);
    say([call('a', 'task_get', { task_id, detail: 'full' }), created('b', 'And another.')]);

    expect(await taskOf('a')).toMatchObject({ prompt });
    expect(await taskOf('b')).toMatchObject({ status: 'waiting' });
    expect(written).not.toMatch(/[\u2028\u2029]/);

    expect(logged).toContain('this process has the database now');
    child.stderr.destroy();
    for (const id of [2, 3, 4]) {
      say(created(id, 'Nobody sees that.'));
      expect(await taskOf(id)).toMatchObject({ status: 'waiting' });
    }
    child.stdin.end();
    expect(await once(child, 'close')).toEqual([0, null]);
  });
});
