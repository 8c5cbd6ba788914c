import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiClient } from '../../support/api-client';
import { BuiltServer, runToEnd, type Finished } from '../../support/built-server';

/** Nothing has it. */
const NOBODY = '00000000-0000-4000-8000-000000000001';
/** Each command is a process of its own. */
const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ$/;

describe('what tasks wait for, share and come back by, from the command line', () => {
  let server: BuiltServer;
  let api: ApiClient;

  beforeAll(async () => {
    server = await BuiltServer.start();
    api = new ApiClient(server.url, server.key);
  }, 60_000);
  afterAll(() => server.dispose());

  const run = (...args: readonly string[]): Promise<Finished> => runToEnd(server.folder, args);
  const said = async (...args: readonly string[]): Promise<string> => {
    const { code, output, errors } = await run(...args);
    expect([code, errors]).toEqual([0, '']);
    return output.trimEnd();
  };
  const read = async (path: string): Promise<Readonly<Record<string, unknown>>> =>
    (await api.get(`/api/v1/${path}`)).body.data;
  const schedule = async (name: string): Promise<string> => {
    const task = { work_directory: '/srv', prompt: `Be ${name}`, tags: ['a', 'b'], auto_retry: true };
    const body = { name, interval_seconds: 900, task };
    return (await api.post<{ schedule_id: string }>('/api/v1/schedules', body)).body.data.schedule_id;
  };
  const task = async (more: object): Promise<string> => {
    const body = { work_directory: '/srv', prompt: 'Do it', ...more };
    return (await api.post('/api/v1/tasks', body)).body.data.task_id;
  };

  it('makes a schedule of everything that can be said of it, and shows when it comes', async () => {
    writeFileSync(join(server.folder, 'report.md'), 'Write the report\nof yesterday\n');
    const [nightly, hourly] = await Promise.all([
      said(
        ...['schedules', 'add', 'nightly', '--file', 'report.md', '--cron', '30 2 * * 1-5', '-C', 'reports'],
        ...['--time-zone', 'Europe/Berlin', '--missed', 'skip', '-p', 'low', '-t', 'a', '--max-retries', '5'],
        ...['--payload', '{"depth":2}', '--concurrency-key', 'reports', '--auto-retry', '--paused'],
      ),
      said('schedules', 'add', 'hourly', 'Look around', '--every', '1h30m'),
    ]);
    expect(await read(`schedules/${nightly}`)).toMatchObject({
      ...{ schedule_id: nightly, name: 'nightly', cron: '30 2 * * 1-5', interval_seconds: null },
      ...{ time_zone: 'Europe/Berlin', missed: 'skip', enabled: false, next_run_at: null },
      task: {
        ...{ work_directory: join(server.folder, 'reports'), prompt: 'Write the report\nof yesterday' },
        ...{ priority: 'low', tags: ['a'], max_retries: 5, payload: { depth: 2 }, auto_retry: true },
        concurrency_key: 'reports',
      },
    });
    const [listed, shown, json] = await Promise.all([
      said('schedules', 'list'),
      said('schedules', 'get', 'hourly'),
      said('schedules', 'get', hourly, '--json'),
    ]);
    expect(listed.split('\n').map((line) => line.split('\t'))).toEqual([
      ['hourly', 'every 1h30m', expect.stringMatching(TIME), 'never', '', hourly],
      ['nightly', '30 2 * * 1-5 Europe/Berlin', 'paused', 'never', '', nightly],
    ]);
    expect(shown).toContain('    "prompt": "Look around"');
    expect(JSON.parse(json)).toEqual(await read(`schedules/${hourly}`));
  });

  it('changes what is named of a schedule and of its tasks, and nothing else', async () => {
    const path = `schedules/${await schedule('changed')}`;
    const before = await read(path);
    await said(
      'schedules',
      'change',
      'changed',
      'Anew',
      '-p',
      'high',
      '--no-auto-retry',
      '--name',
      'renamed',
    );
    const after = await read(path);
    const { updated_at, updated_by } = after;
    expect(after).toEqual({
      ...{ ...before, name: 'renamed', updated_at, updated_by },
      task: { ...(before.task as object), prompt: 'Anew', priority: 'high', auto_retry: false },
    });
    const whole = { work_directory: '/srv/other', prompt: 'Something else' };
    await said('schedules', 'change', 'renamed', '--cron', '@daily', '--task', JSON.stringify(whole));
    expect(await read(path)).toMatchObject({ cron: '@daily', interval_seconds: null });
    expect((await read(path)).task).toEqual(whole);
  });

  it('lets a schedule run now, pauses, resumes and deletes schedules, each for itself', async () => {
    const [one, two] = [await schedule('one'), await schedule('two')];
    const made = await said('schedules', 'run', 'one');
    expect(await read(`tasks/${made}`)).toMatchObject({ prompt: 'Be one' });
    expect(await read(`schedules/${one}`)).toMatchObject({ last_task_id: made });
    expect(await said('schedules', 'pause', 'one', two)).toBe(`one is paused\n${two} is paused`);
    expect(await said('schedules', 'resume', 'two')).toMatch(/^two goes on, next at .+Z$/);
    expect(await run('schedules', 'delete', 'one', 'nobody', 'two')).toMatchObject({
      ...{ code: 3, output: 'one is deleted\ntwo is deleted\n' },
      errors: 'task-orchestrator: nobody: There is no schedule with this id\n',
    });
    expect((await api.get(`/api/v1/schedules/${two}`)).status).toBe(404);
  });

  it('gives a concurrency key its limit, and shows who has it', async () => {
    const key = 'repo/文档';
    const set = await said('concurrency-keys', 'set', key, '2', '--json');
    expect(JSON.parse(set)).toEqual({ key, limit: 2, working: 0, ready: 0, held: 0 });
    for (let made = 0; made < 3; made += 1) await task({ concurrency_key: key });
    expect(await said('concurrency-keys', 'get', key)).toMatch(
      /limit: +2\nworking: +0\nready: +2\nheld: +1$/,
    );
    expect((await said('concurrency-keys', 'list')).split('\n')).toContain(`${key}\t2\t0\t2\t1`);
  });

  it('shows what a task waits for, and what waits for it', async () => {
    const first = await task({});
    const second = await task({ depends_on: [first] });
    const third = await task({ depends_on: [second], on_dependency_failure: 'run' });
    const [both, json, shown] = await Promise.all([
      said('tasks', 'dependencies', second),
      said('tasks', 'dependencies', second, '--json'),
      said('tasks', 'get', third),
    ]);
    expect(both).toBe(`depends on\t${first}\twaiting\tyes\nneeded by\t${third}\twaiting\tyes`);
    expect(JSON.parse(json)).toMatchObject({
      ...{ pending: 1, depends_on: [{ task_id: first }], dependents: [{ task_id: third, settled: false }] },
    });
    expect(shown).toContain(
      `on_dependency_failure: run\ndepends_on:            ["${second}"]\n` +
        'blocked_by:            [{"kind":"dependencies","pending":1}]\n',
    );
  });

  it.each<[string, readonly string[], number, string]>([
    ['two rhythms', ['schedules', 'add', 'x', 'x', '--cron', '@daily', '--every', '5m'], 2, 'cannot be used'],
    [
      'neither prompt nor zone',
      ['schedules', 'add', 'x', '--time-zone', 'Moon'],
      2,
      'prompt is required; time_zone must',
    ],
    ['no schedule', ['schedules', 'run', NOBODY], 3, 'There is no schedule with this id'],
    ['no limit', ['concurrency-keys', 'set', 'x', '0'], 2, 'limit must be from 1'],
    ['no key', ['concurrency-keys', 'get', 'nobody'], 3, 'No task has used this concurrency key'],
  ])('tells scripts why it did not work: %s', async (_, args, code, message) => {
    const ended = await run(...args);
    expect([ended.code, ended.output, ended.errors]).toEqual([code, '', expect.stringContaining(message)]);
  });
});
