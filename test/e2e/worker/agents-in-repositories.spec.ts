import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ApiClient, type ApiTask } from '../../support/api-client';
import { BuiltServer } from '../../support/built-server';
import { eventually } from '../../support/eventually';
import { untilProcesses } from '../../support/processes';
import { RunningWorker } from './running-worker';

const AGENT = join(__dirname, 'stand-in-agent.sh');
const DIRECTORIES = ['api', 'board', 'docs', 'site'] as const;
const PROMPTS = 20;
const OPTIONS = [
  ['--work-path', 'repositories', '--recursive'],
  ['--concurrency', '2', '--per-directory', '1', '--lease', '10'],
].flat();

describe('agents in git repositories', () => {
  let server: BuiltServer;
  let api: ApiClient;
  let workers: RunningWorker[] = [];

  beforeAll(async () => {
    server = await BuiltServer.start();
    api = new ApiClient(server.url, server.key);
    for (const name of DIRECTORIES) makeRepository(pathOf(name));
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
    await untilProcesses(AGENT, 0);
    await server.dispose();
  });

  const pathOf = (name: string): string => join(server.folder, 'repositories', name);
  const overlaps = (): string => join(server.folder, 'overlaps.txt');
  const started = (): RunningWorker => {
    const env = {
      TASK_ORCHESTRATOR_URL: server.url,
      TASK_ORCHESTRATOR_API_KEY: server.key,
      OVERLAPS: overlaps(),
    };
    return RunningWorker.start(server.folder, OPTIONS, ['sh', AGENT], env);
  };
  const tasks = async (status: string): Promise<readonly ApiTask[]> =>
    (await api.get<{ tasks: ApiTask[] }>(`/api/v1/tasks?status=${status}&limit=100`)).body.data.tasks;
  const untilCompleted = (count: number): Promise<readonly ApiTask[]> =>
    eventually(
      async () => {
        const completed = await tasks('completed');
        return completed.length >= count ? completed : null;
      },
      { timeoutMs: 60_000, pauseMs: 100 },
    );
  const inHandsOf = ({ lines }: RunningWorker): number =>
    lines.filter(({ event }) => event === 'started').length -
    lines.filter(({ event }) => event === 'ended').length;

  it('do 20 prompts in 4 of them, each once and one at a time, though one of 3 workers is killed', async () => {
    for (let number = 1; number <= PROMPTS; number += 1) {
      const work_directory = pathOf(DIRECTORIES[number % DIRECTORIES.length] ?? '');
      await api.createTask({ work_directory, prompt: `add the line number ${number}` });
    }
    workers = [started(), started(), started()];
    await untilCompleted(PROMPTS / 2);
    const victim = await eventually(async () => workers.find((worker) => inHandsOf(worker) > 0) ?? null);
    await victim.end('SIGKILL');

    const completed = await untilCompleted(PROMPTS);
    expect(completed).toHaveLength(PROMPTS);
    for (const name of DIRECTORIES) {
      expect(linesOf(pathOf(name)).sort()).toEqual(expectedLines(name).sort());
      expect(commitsOf(pathOf(name)).sort()).toEqual(
        ['begin', ...expectedLines(name).map((line) => `add the line ${line}`)].sort(),
      );
    }
    expect(existsSync(overlaps()) ? readFileSync(overlaps(), 'utf8') : '').toBe('');
    const survivors = workers.filter((worker) => worker !== victim);
    for (const worker of survivors) expect(await worker.end('SIGTERM')).toEqual({ code: 0, signal: null });
  }, 120_000);

  it('took the tasks of the killed worker up again when its leases were over', async () => {
    const retried = (await tasks('completed')).filter(({ retry_count }) => retry_count === 1);

    expect(retried.length).toBeGreaterThan(0);
    for (const { task_id } of retried) {
      const { body } = await api.get<{ history: { type: string }[] }>(`/api/v1/tasks/${task_id}/history`);
      expect(body.data.history.map(({ type }) => type)).toEqual([
        'task.created',
        'task.claimed',
        'task.expired',
        'task.claimed',
        'task.completed',
      ]);
    }
  });
});

function expectedLines(name: (typeof DIRECTORIES)[number]): string[] {
  const numbers = Array.from({ length: PROMPTS }, (_, index) => index + 1);
  return numbers
    .filter((number) => DIRECTORIES[number % DIRECTORIES.length] === name)
    .map((number) => `number ${number}`);
}

function makeRepository(path: string): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'notes.txt'), '');
  git(path, 'init', '-q');
  git(path, 'config', 'user.name', 'agent');
  git(path, 'config', 'user.email', 'agent@example.com');
  git(path, 'add', '.');
  git(path, 'commit', '-qm', 'begin');
}

function linesOf(path: string): string[] {
  return readFileSync(join(path, 'notes.txt'), 'utf8').trim().split('\n');
}

function commitsOf(path: string): string[] {
  return git(path, 'log', '--format=%s').trim().split('\n');
}

function git(folder: string, ...args: readonly string[]): string {
  return execFileSync('git', args, { cwd: folder, encoding: 'utf8' });
}
