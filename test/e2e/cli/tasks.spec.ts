import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiClient } from '../../support/api-client';
import {
  BuiltServer,
  launch,
  runInShell,
  runToEnd,
  scratchFolder,
  type Environment,
  type Finished,
} from '../../support/built-server';
import { eventually } from '../../support/eventually';
import { itNeeding } from '../../support/it-needing';

const UUID = /^[0-9a-f]{8}-[0-9a-f-]{27}\n$/;
/** No task has it. */
const NOBODY = '00000000-0000-4000-8000-000000000001';
/** Each command is a process of its own. */
const NOWHERE = 'http://127.0.0.1:9';
const FULL = '/dev/full';
const missingFull = existsSync(FULL) ? null : `there is no ${FULL}`;

interface Task {
  readonly task_id: string;
  readonly status: string;
  readonly prompt: string;
}

describe('task-orchestrator tasks', () => {
  let server: BuiltServer;
  let api: ApiClient;
  let folder: string;

  beforeAll(async () => {
    server = await BuiltServer.start();
    api = new ApiClient(server.url, server.key);
    folder = server.folder;
  }, 60_000);
  afterAll(() => server.dispose());

  const run = (args: readonly string[], env: Environment = {}): Promise<Finished> =>
    runToEnd(folder, args, env);
  const tasks = (...args: readonly string[]): Promise<Finished> => run(['tasks', ...args]);
  const add = async (...args: readonly string[]): Promise<string> => {
    const added = await tasks('add', ...args);
    expect(added).toMatchObject({ code: 0, output: expect.stringMatching(UUID), errors: '' });
    return added.output.trim();
  };
  const parsed = async <T>(...args: readonly string[]): Promise<T> => {
    const { code, output, errors } = await tasks(...args, '--json');
    expect([code, errors]).toEqual([0, '']);
    return JSON.parse(output) as T;
  };
  const read = (id: string): Promise<Task> => parsed<Task>('get', id);
  const fed = async (input: string, ...args: readonly string[]): Promise<Finished> => {
    const file = join(folder, 'input.txt');
    writeFileSync(file, input);
    const open = openSync(file, 'r');
    const done = await runToEnd(folder, ['tasks', ...args], {}, open);
    closeSync(open);
    rmSync(file);
    return done;
  };
  const claimed = async (workPath: string): Promise<{ task_id: string; lease_token: string }> => {
    const { body } = await api.get<{ task_id: string; lease_token: string }>(
      `/api/v1/tasks/next?work_path=${encodeURIComponent(workPath)}`,
    );
    return body.data;
  };

  it('files a task with everything that can be said of it', async () => {
    writeFileSync(join(folder, 'notes.json'), '{"team":"platform"}');
    const first = await add('Before that');
    const id = await add(
      ...[
        'Tidy up 整理 😀',
        '-C',
        'project',
        '--priority',
        'high',
        '-t',
        'a',
        '--tag',
        'b',
        '--type',
        'check',
      ],
      ...['--kb-id', 'kb-7', '--payload', '{"branch":"main"}', '--metadata', '@notes.json'],
      ...['--max-retries', '5', '--auto-retry', '--timeout', '60', '--schedule-for', '2030-01-01T00:00:00Z'],
      ...['--depends-on', first, '--on-dependency-failure', 'cancel', '--concurrency-key', 'repo:docs'],
    );
    expect(await read(id)).toMatchObject({
      ...{ prompt: 'Tidy up 整理 😀', work_directory: join(folder, 'project'), priority: 'high' },
      ...{ tags: ['a', 'b'], task_type: 'check', kb_id: 'kb-7', payload: { branch: 'main' } },
      ...{ metadata: { team: 'platform' }, max_retries: 5, auto_retry: true, timeout_seconds: 60 },
      ...{ depends_on: [first], on_dependency_failure: 'cancel', concurrency_key: 'repo:docs' },
      ...{ schedule_for: '2030-01-01T00:00:00.000Z', status: 'waiting' },
    });
  });

  it('takes the prompt from the argument, a file or standard input, and this directory where none is named', async () => {
    writeFileSync(join(folder, 'prompt.md'), 'First line\n  second line\n');
    const fromFile = await add('--file', 'prompt.md');
    expect(await read(fromFile)).toMatchObject({
      prompt: 'First line\n  second line',
      work_directory: folder,
    });
    const fromInput = await fed('From a pipe\r\n', 'add', '-', '-C', 'C:\\work');
    expect(await read(fromInput.output.trim())).toMatchObject({
      prompt: 'From a pipe',
      work_directory: 'C:\\work',
    });
  });

  it('files a task once under a key, however often it is run', async () => {
    const again = ['Only once, please', '--idempotency-key', 'nightly-1'];
    expect(await add(...again)).toBe(await add(...again));
    const other = await tasks('add', 'Something else', '--idempotency-key', 'nightly-1');
    expect([other.code, other.output]).toEqual([2, '']);
  });

  it('lists what the filters let through, in plain columns for programs', async () => {
    const directory = '/srv/列表 list';
    const first = await add('One\tof\n two', '-C', directory, '-t', 'x', '-p', 'low');
    const second = await add(
      '\u001b[31mred\u001b[0m \u0007bell \u202egnp',
      '-C',
      directory,
      '-t',
      'y',
      '-p',
      'low',
    );
    const shown = await tasks('list', '-C', '列表', '-p', 'low', '--order', 'asc');
    expect([shown.code, shown.errors]).toEqual([0, '']);
    expect(shown.output.split('\n').map((line) => line.split('\t').toSpliced(2, 1))).toEqual([
      [first, 'waiting', 'low', directory, 'One of two'],
      [second, 'waiting', 'low', directory, 'red \uFFFDbell \uFFFDgnp'],
      [''],
    ]);
    const { tasks: listed, pagination } = await parsed<{ tasks: readonly Task[]; pagination: object }>(
      ...['list', '-C', '列表', '--tag', 'x', '-t', 'y', '--any-tag', '-n', '1'],
    );
    expect([listed.map(({ task_id: id }) => id), pagination]).toMatchObject([
      [second],
      { total: 2, has_more: true },
    ]);
    expect(await tasks('list', '-C', '/nobody/here')).toMatchObject({ code: 0, output: '' });
  });

  it('shows a task whole, and steers no terminal with it', async () => {
    const prompt = 'one\n\u001b]0;title\u0007two \u009b2J \u0000?'.replace('\u0000', '\u0001');
    const id = await add(prompt);
    const { output } = await tasks('get', id);
    expect(output).toContain(`task_id:          ${id}\n`);
    expect(output).toContain('prompt:\n    one\n    two');
    expect(output).toMatch(/^(?:[^\p{Cc}\p{Cf}]|\n)*$/u);
    const asJson = await tasks('get', id, '--json');
    expect(asJson.output).toMatch(/^(?:[^\p{Cc}\p{Cf}]|\n)*$/u);
    expect(JSON.parse(asJson.output)).toMatchObject({ prompt });
  });

  it('cancels and retries tasks, each for itself, and says what was refused', async () => {
    const [waiting, working] = [
      await add('Give up', '-C', '/srv/moves'),
      await add('Go on', '-C', '/srv/moves/2'),
    ];
    const { lease_token } = await claimed('/srv/moves/2');
    const cancelled = await tasks('cancel', waiting, working, NOBODY, '--reason', 'not needed');
    expect([cancelled.code, cancelled.output]).toEqual([6, `${waiting} is cancelled\n`]);
    expect(cancelled.errors.split('\n')).toEqual([
      expect.stringContaining(`${working}: The task does not wait; it is working`),
      expect.stringContaining(`${NOBODY}: There is no task with this id`),
      '',
    ]);
    expect(await read(waiting)).toMatchObject({ status: 'cancelled', cancel_reason: 'not needed' });

    expect((await tasks('retry', working)).code).toBe(6);
    await api.post(`/api/v1/tasks/${working}/fail`, { error_message: 'no disk', lease_token });
    expect(await tasks('retry', working)).toMatchObject({ code: 0, output: `${working} waits again\n` });
    await claimed('/srv/moves/2');
    const forced = await tasks('cancel', working, '--force', '--json');
    expect(JSON.parse(forced.output)).toMatchObject({ task_id: working, status: 'cancelled' });
    const history = await tasks('history', working);
    expect(history.output.split('\n').map((line) => line.split('\t')[1])).toEqual([
      ...['task.created', 'task.claimed', 'task.failed', 'task.retried', 'task.claimed', 'task.cancelled'],
      undefined,
    ]);
    expect(await parsed<object>('history', working)).toMatchObject({ task_id: working });
  });

  it.each([
    ['completed', 0, { result: { output: 'all \u001b[31mdone\u001b[0m' } }, 'all done'],
    ['failed', 1, { error_message: 'no \u0007disk' }, 'no \uFFFDdisk'],
  ])('follows a task until it is %s, and ends with %d', async (status, code, body, told) => {
    const id = await add('Be watched', '-C', `/srv/watched/${status}`);
    const watching = tasks('watch', id);
    const { lease_token } = await claimed(`/srv/watched/${status}`);
    await api.post(`/api/v1/tasks/${id}/${status === 'failed' ? 'fail' : 'complete'}`, {
      ...body,
      lease_token,
    });
    const { output, ...ended } = await watching;
    expect(ended).toMatchObject({ code, errors: '' });
    expect(output.split('\n')).toEqual([
      expect.stringMatching(/Z {2}task\.created +waiting$/),
      expect.stringMatching(/Z {2}task\.claimed +working$/),
      expect.stringMatching(new RegExp(`Z {2}task\\.${status} +${status}`)),
      told,
      '',
    ]);
    expect((await tasks('watch', id)).output).toBe(output);
  });

  it('follows a task over a restart of the service, each event once', async () => {
    const own = await BuiltServer.start();
    try {
      const env = { ...{ TASK_ORCHESTRATOR_URL: own.url, TASK_ORCHESTRATOR_API_KEY: own.key } };
      const port = new URL(own.url).port;
      const child = launch(
        folder,
        ['tasks', 'add', 'Be patient', '-C', '/srv/patient', '--watch', '--json'],
        env,
      );
      let written = '';
      child.stdout.on('data', (chunk: Buffer) => (written += chunk.toString()));
      const events = (): { type?: string; task?: Task }[] =>
        written
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => JSON.parse(line) as { type?: string });
      const told = (type: string): Promise<unknown> =>
        eventually(() => Promise.resolve(events().find((event) => event.type === type) ?? null), {
          timeoutMs: 20_000,
        });
      await told('task.created');
      await own.restart({ SERVER_PORT: port, API_SECRET_KEY: own.key });
      const other = new ApiClient(own.url, own.key);
      const next = async (): Promise<{ task_id: string; lease_token: string }> =>
        (
          await other.get<{ task_id: string; lease_token: string }>(
            '/api/v1/tasks/next?work_path=/srv/patient',
          )
        ).body.data;
      const { task_id: id, lease_token } = await next();
      await other.post(`/api/v1/tasks/${id}/complete`, { result: { ok: true }, lease_token });
      const code = await new Promise((resolve) => child.once('close', resolve));
      expect([code, events().map(({ type }) => type)]).toEqual([
        0,
        [undefined, 'task.created', 'task.claimed', 'task.completed', 'watch.ended'],
      ]);
      expect(events().at(-1)?.task).toMatchObject({ task_id: id, status: 'completed' });
    } finally {
      await own.dispose();
    }
  });

  describe('in a pipe of the shell', () => {
    const inShell = (script: string): Promise<Finished> => runInShell(folder, script);
    /** With a reader that goes away before anything is written; tells the exit code. */
    const unread = (command: string): Promise<Finished> =>
      inShell(`{ { program ${command}; echo $? >&3; } | true; } 3>&1`);
    const filed = async (): Promise<string> =>
      (await api.createTask({ work_directory: '/srv/pipes', prompt: 'Be moved' })).task_id;
    const statuses = (...ids: readonly string[]): Promise<string[]> =>
      Promise.all(ids.map(async (id) => (await read(id)).status));

    it('writes everything, however much that is', async () => {
      const task = { work_directory: '/srv/many', prompt: 'x '.repeat(1_000) };
      await api.post('/api/v1/tasks/batch', { tasks: Array.from({ length: 100 }, () => task) });
      const { output } = await inShell('program tasks list -C /srv/many -n 100 --json | cat');

      expect((JSON.parse(output) as { tasks: readonly Task[] }).tasks).toHaveLength(100);
    });

    it('takes it for no failure that nobody reads on', async () => {
      expect(await unread('tasks list --json')).toMatchObject({ output: '0\n', errors: '' });
    });

    it('goes on with what it changes when nobody reads of it, and ends as that went', async () => {
      const [first, second] = [await filed(), await filed()];
      const { output } = await unread(`tasks cancel ${first} ${NOBODY} ${second}`);

      expect([output, await statuses(first, second)]).toEqual(['3\n', ['cancelled', 'cancelled']]);
    });

    itNeeding(missingFull)('fails aloud when there is no room for it', async () => {
      const commands = ['tasks list', 'keys list', '--help'];
      const ended = await Promise.all(commands.map((command) => inShell(`program ${command} >${FULL}`)));

      expect(ended.map(({ code }) => code)).toEqual([1, 1, 1]);
      for (const { errors } of ended)
        expect(errors).toMatch(/^task-orchestrator: the output could not be written: ENOSPC.*\n$/);
    });

    itNeeding(missingFull)('does all that it is to change before it says so', async () => {
      const [first, second] = [await filed(), await filed()];
      const { code, errors } = await inShell(`program tasks cancel ${first} ${second} >${FULL}`);

      expect([code, errors]).toEqual([1, expect.stringContaining('the output could not be written')]);
      expect(await statuses(first, second)).toEqual(['cancelled', 'cancelled']);
    });
  });

  it('watches no longer than it is told to', async () => {
    const id = await add('Take your time', '-C', '/srv/slow');
    const { code, errors } = await tasks('watch', id, '--timeout', '1');
    expect([code, errors]).toEqual([7, 'task-orchestrator: not ended after 1 s\n']);
  });

  it('shows how the queue is doing', async () => {
    const shown = await run(['stats', '--period', '1h']);
    expect([shown.code, shown.errors]).toEqual([0, '']);
    expect(shown.output).toMatch(/^total_tasks: +\d+$/m);
    expect(shown.output).toMatch(/^agent_prompt(\t[\d.]*)+$/m);
    const { output } = await run(['stats', '--json', '--granularity', 'hour']);
    expect(Object.keys(JSON.parse(output) as object)).toContain('time_series');
  });

  describe('tells scripts why it did not work', () => {
    it.each<[string, readonly string[], number, string]>([
      ['a prompt that is too long', ['add', 'x '.repeat(6_000)], 2, 'prompt must'],
      ['a time that no timer takes', ['watch', NOBODY, '--timeout', '2147484'], 2, 'from 1 to 2147483'],
      ['no JSON', ['add', 'x', '--payload', '{'], 2, 'It takes JSON'],
      ['an unknown option', ['list', '--colour'], 2, "unknown option '--colour'"],
      ['no such task', ['get', NOBODY], 3, 'There is no task with this id'],
      ['an address that is none', ['list', '--url', 'ftp://here'], 2, 'must be an address such as'],
      ['a service that is away', ['list', '--url', NOWHERE], 4, 'no answer from http://127.0.0.1:9'],
    ])('%s', async (_, args, code, message) => {
      const ended = await tasks(...args);
      expect([ended.code, ended.output, ended.errors]).toEqual([code, '', expect.stringContaining(message)]);
    });

    it('as JSON where it wants JSON', async () => {
      const { output, errors } = await tasks('get', NOBODY, '--json');
      expect([output, JSON.parse(errors)]).toEqual([
        '',
        {
          error: { code: 'NOT_FOUND', message: 'There is no task with this id', details: expect.anything() },
        },
      ]);
    });

    it('a service that nobody started', async () => {
      const empty = scratchFolder();
      const ended = await runToEnd(empty, ['tasks', 'list']);
      rmSync(empty, { recursive: true });
      expect([ended.code, ended.errors]).toEqual([4, expect.stringContaining('no service was found here')]);
    });

    it('a key that is missing, wrong, or not for this', async () => {
      const { body } = await api.post<{ key: string }>('/api/v1/keys', { name: 'reader', roles: ['reader'] });
      const asked = (key: string, ...args: readonly string[]): Promise<Finished> =>
        run(['tasks', ...args], { TASK_ORCHESTRATOR_URL: server.url, TASK_ORCHESTRATOR_API_KEY: key });
      expect(await asked('', 'list')).toMatchObject({
        code: 5,
        errors: expect.stringContaining('API key is needed'),
      });
      expect((await asked('to_nobody', 'list')).code).toBe(5);
      expect((await asked(body.data.key, 'list')).code).toBe(0);
      expect(await asked(body.data.key, 'add', 'Not mine to say')).toMatchObject({ code: 5, output: '' });
    });
  });
});
