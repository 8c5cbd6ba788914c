import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiClient, type ApiTask } from '../../support/api-client';
import { BuiltServer, runToEnd, type Environment, type Finished } from '../../support/built-server';
import { eventually } from '../../support/eventually';
import { untilProcesses } from '../../support/processes';
import { RunningWorker } from './running-worker';

describe('task-orchestrator worker', () => {
  let server: BuiltServer;
  let api: ApiClient;

  beforeAll(async () => {
    server = await BuiltServer.start();
    api = new ApiClient(server.url, server.key);
    mkdirSync(join(server.folder, 'project'));
  });
  afterAll(() => server.dispose());

  const create = (more: Readonly<Record<string, unknown>> = {}): Promise<ApiTask> =>
    api.createTask({ work_directory: join(server.folder, 'project'), ...more });
  const read = async (id: string): Promise<ApiTask> => (await api.get(`/api/v1/tasks/${id}`)).body.data;
  const once = (
    options: readonly string[],
    command: readonly string[],
    env: Environment = {},
  ): Promise<Finished> =>
    runToEnd(
      server.folder,
      ['worker', '--work-path', 'project', '--once', ...options, '--', ...command],
      env,
    );

  it('finds the service of the file here, runs the command in the directory, and says how it went', async () => {
    const { task_id } = await create({ prompt: 'say where you are' });
    const { code, output } = await once([], ['sh', '-c', 'pwd; cat']);

    expect(code).toBe(0);
    expect(output).toMatch(/started .*say where you are\n.*completed .*say where you are after \d+ s\n$/);
    expect(await read(task_id)).toMatchObject({
      status: 'completed',
      result: { output: `${join(server.folder, 'project')}\nsay where you are` },
    });
  });

  it('runs the program that is here, not the one of that name in the directory of the task', async () => {
    const { task_id } = await create();
    writeFileSync(join(server.folder, 'agent.sh'), '#!/bin/sh\necho mine; pwd\n', { mode: 0o755 });
    writeFileSync(join(server.folder, 'project/agent.sh'), '#!/bin/sh\necho another\n', { mode: 0o755 });

    expect((await once([], ['./agent.sh'])).code).toBe(0);
    expect(await read(task_id)).toMatchObject({
      result: { output: `mine\n${join(server.folder, 'project')}\n` },
    });
  });

  it('goes to the address that it is given, with the key of its environment', async () => {
    const { task_id } = await create();
    const env = { TASK_ORCHESTRATOR_API_KEY: server.key };
    const { code } = await once(['--url', server.url, '--worker-id', 'somebody'], ['cat'], env);

    expect(code).toBe(0);
    expect(await read(task_id)).toMatchObject({
      worker_id: 'somebody',
      result: { output: expect.any(String) },
    });
  });

  it('does not give its key to the command', async () => {
    const { task_id } = await create();
    await once(['--url', server.url], ['env'], { TASK_ORCHESTRATOR_API_KEY: server.key });

    expect(JSON.stringify(await read(task_id))).not.toContain(server.key);
  });

  it('ends with 1 when the task has failed, and says why', async () => {
    const { task_id } = await create();
    const { code, output } = await once([], ['sh', '-c', 'echo no paper >&2; exit 7']);

    expect([code, output]).toEqual([1, expect.stringContaining('exit code 7: no paper')]);
    expect(await read(task_id)).toMatchObject({
      status: 'failed',
      error_message: expect.stringContaining('no paper'),
    });
  });

  it('ends with 1 when the result says that it is a failure', async () => {
    const { task_id } = await create();
    const { code, output } = await once([], ['echo', '{"status": "failed", "error": "no ink"}']);

    expect([code, output]).toEqual([1, expect.stringMatching(/failed .*: no ink\n$/)]);
    expect(await read(task_id)).toMatchObject({ status: 'failed', error_message: 'no ink' });
  });

  it('ends with 3 when there is nothing to do, also of another type', async () => {
    expect((await once([], ['cat'])).code).toBe(3);
    await create({ task_type: 'report' });
    expect((await once(['--type', 'review'], ['cat'])).code).toBe(3);
    expect((await once(['--type', 'review', '--type', 'report'], ['cat'])).code).toBe(0);
  });

  it('ends with 4 when no service answers, with 5 when it is refused, and says so', async () => {
    const nobody = await once(['--url', 'http://127.0.0.1:1'], ['cat']);
    expect([nobody.code, nobody.errors]).toEqual([
      4,
      expect.stringContaining('no answer from http://127.0.0.1:1'),
    ]);

    const keyless = await once(['--url', server.url], ['cat']);
    expect([keyless.code, keyless.errors]).toEqual([5, expect.stringContaining('API key')]);
  });

  it.each([
    ['a directory that there is not', ['--work-path', 'nowhere'], ['cat']],
    ['a program that there is not', [], ['no-such-program']],
    ['a program that is not here', [], ['./no-such-program']],
    ['no tasks at a time', ['--concurrency', '0'], ['cat']],
    ['no command', [], []],
    ['an address that is none', ['--url', 'nonsense'], ['cat']],
  ])('ends with 2 for %s', async (_what, options, command) => {
    const { code, errors } = await once(options, command);

    expect([code, errors]).toEqual([2, expect.stringMatching(/\w/)]);
  });

  it('takes no task of another directory, but those below where it may', async () => {
    mkdirSync(join(server.folder, 'project/below'));
    const { task_id } = await create({ work_directory: join(server.folder, 'project/below') });
    expect((await once([], ['cat'])).code).toBe(3);

    expect((await once(['--recursive'], ['pwd'])).code).toBe(0);
    expect(await read(task_id)).toMatchObject({
      result: { output: `${join(server.folder, 'project/below')}\n` },
    });
  });

  it('ends nothing of a living worker when it takes a directory for itself', async () => {
    const { task_id } = await create();
    const go = join(server.folder, `go-${task_id}`);
    const waits = ['sh', '-c', `while [ ! -e ${go} ]; do sleep 0.05; done; echo done`];
    const other = RunningWorker.start(server.folder, ['--work-path', 'project', '--once'], waits);
    await other.line(({ event }) => event === 'started');
    await create();

    expect((await once(['--per-directory', '1'], ['cat'])).code).toBe(0);
    writeFileSync(go, '');
    expect((await other.end()).code).toBe(0);
    expect(await read(task_id)).toMatchObject({ status: 'completed', result: { output: 'done\n' } });
  });

  it('tells programs everything that happens', async () => {
    const { task_id } = await create();
    const script = 'echo \'{"progress": 50, "message": "half"}\'; echo \'{"pages": 3}\'';
    const { output } = await once(['--json'], ['sh', '-c', script]);

    expect(
      output
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { event: 'started', task_id, attempt: 1 },
      { event: 'progress', progress: 50, message: 'half' },
      { event: 'ended', task_id, outcome: 'completed', result: { pages: 3 }, reason: null },
    ]);
  });

  it('waits for a service that is away, and works on when it is back', async () => {
    const worker = RunningWorker.start(server.folder, ['--work-path', 'project'], ['cat']);
    const { task_id: before } = await create();
    await worker.line(({ event, task_id }) => event === 'ended' && task_id === before);
    await server.stop();
    await worker.line(({ event }) => event === 'away');
    await server.restart();
    api = new ApiClient(server.url, server.key);
    // A worker that waits for work hears that the service is back when there is some.
    const { task_id: after } = await create();
    await worker.line(({ event }) => event === 'back');
    expect(await worker.line(({ event, task_id }) => event === 'ended' && task_id === after)).toMatchObject({
      outcome: 'completed',
    });
    expect(await worker.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(worker.lines.filter(({ event }) => event === 'away')).toHaveLength(1);
  });

  it('treats the one task of --once alike: lets it come to its end, and gives it back when told twice', async () => {
    const begin = async (): Promise<[RunningWorker, string]> => {
      const { task_id } = await create();
      const command = ['sh', '-c', `until [ -e ${task_id} ]; do sleep 0.1; done; echo done`];
      const worker = RunningWorker.start(server.folder, ['--work-path', 'project', '--once'], command);
      await worker.line(({ event }) => event === 'started');
      worker.signal('SIGINT');
      await worker.line(({ event }) => event === 'stopping');
      return [worker, task_id];
    };
    const [patient, first] = await begin();
    writeFileSync(join(server.folder, 'project', first), '');
    expect((await patient.end()).code).toBe(0);
    expect(await read(first)).toMatchObject({ status: 'completed', result: { output: 'done\n' } });

    const [hurried, second] = await begin();
    expect((await hurried.end('SIGINT')).code).toBe(1);
    expect(await read(second)).toMatchObject({ status: 'waiting', retry_count: 0 });
    await untilProcesses(second, 0);
    await api.post(`/api/v1/tasks/${second}/cancel`);
  });

  it('works on when nobody reads what it shows any more', async () => {
    const { task_id } = await create();
    const command = [
      'sh',
      '-c',
      `until [ -e ${task_id} ]; do sleep 0.1; echo '{"progress": 1}'; done; echo done`,
    ];
    const worker = RunningWorker.start(server.folder, ['--work-path', 'project'], command);
    await worker.line(({ event }) => event === 'started');
    worker.readNoFurther();
    const reported = async (): Promise<true | null> => ((await read(task_id)).progress === 1 ? true : null);
    await eventually(reported);
    writeFileSync(join(server.folder, 'project', task_id), '');
    await eventually(async () => ((await read(task_id)).status === 'completed' ? true : null));

    expect(await worker.end('SIGTERM')).toEqual({ code: 0, signal: null });
  });

  it('lets a task come to its end when it is told to stop, and is told twice to hurry', async () => {
    const begin = async (): Promise<[RunningWorker, string]> => {
      const { task_id } = await create();
      const command = ['sh', '-c', `: ${task_id}; sleep 2; echo done`];
      const worker = RunningWorker.start(server.folder, ['--work-path', 'project'], command);
      await worker.line(({ event }) => event === 'started');
      worker.signal('SIGTERM');
      await worker.line(({ event }) => event === 'stopping');
      return [worker, task_id];
    };
    const [patient, first] = await begin();
    expect((await patient.end()).code).toBe(0);
    expect(await read(first)).toMatchObject({ status: 'completed', result: { output: 'done\n' } });

    const [hurried, second] = await begin();
    expect((await hurried.end('SIGTERM')).code).toBe(0);
    expect(await read(second)).toMatchObject({ status: 'waiting', retry_count: 0 });
    await untilProcesses(second, 0);
    await api.post(`/api/v1/tasks/${second}/cancel`);
  });
});
