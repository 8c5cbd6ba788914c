import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { BuiltServer } from '../../support/built-server';
import { check } from '../../support/checker';
import { observeOverHttp } from '../../support/checking/observe-over-http';
import type { Observed } from '../../support/checking/observed';
import { RecordedClient } from '../../support/recorded-client';
import { Recorder } from '../../support/recorder';

const WIDE = 1_000;
const BEFORE_ONE = 100;
const ABOUT_CLIENTS = ['lost', 'unexpected', 'overtaken'];

type Worker = ChildProcessByStdio<null, Readable, null>;
interface Filed {
  readonly task_id: string;
}
interface Said {
  readonly holds?: readonly string[];
  readonly completed?: number;
}

describe('graphs of tasks that three processes work off, of which one is killed', () => {
  const edges = new Map<string, readonly string[]>();
  const workers: Worker[] = [];
  let server: BuiltServer;
  let diamond: readonly string[];
  let last: string;
  let heldByTheKilled: readonly string[];
  let observed: Observed;

  beforeAll(async () => {
    server = await BuiltServer.start({ RATE_LIMIT_REQUESTS_PER_MINUTE: '0', RATE_LIMIT_BURST_SIZE: '0' });
    diamond = await fileDiamond();
    last = await fileFan();
    // What the killed one held is free after its lease of 10 seconds: the others wait for longer than that.
    const [victim, ...others] = [start({ holdAfter: 300 }), start({}), start({})];
    heldByTheKilled = (await said(victim)).holds ?? [];
    await kill(victim);
    await Promise.all(others.map((worker) => said(worker)));
    const clients = [client(), client(), client(), client()] as const;
    observed = await observeOverHttp([...clients]);
    clients.forEach((each) => each.close());
  }, 240_000);

  afterAll(async () => {
    await Promise.all(workers.map(kill));
    await server.dispose();
  });

  const client = (): RecordedClient =>
    new RecordedClient({ url: server.url, key: server.key }, new Recorder());

  async function file(tasks: readonly { ref?: string; on: readonly string[] }[]): Promise<string[]> {
    const body = tasks.map(({ ref, on }) => ({
      ...{ work_directory: '/srv/graph', prompt: 'Add it up.', depends_on: on },
      ...(ref !== undefined && { ref }),
    }));
    const response = await server.request('/api/v1/tasks/batch', { json: { tasks: body } });
    const { data } = (await response.json()) as { data: { tasks: readonly Filed[] } };
    const ids = data.tasks.map(({ task_id: id }) => id);
    const idOf = new Map(tasks.map(({ ref }, index) => [`@${ref}`, ids[index] ?? '']));
    for (const [index, { on }] of tasks.entries()) {
      edges.set(
        ids[index] ?? '',
        on.map((name) => idOf.get(name) ?? name),
      );
    }
    return ids;
  }

  const fileDiamond = (): Promise<string[]> =>
    file([
      { ref: 'bottom', on: ['@left', '@right'] },
      { ref: 'left', on: ['@top'] },
      { ref: 'right', on: ['@top'] },
      { ref: 'top', on: [] },
    ]);

  /** One task, a thousand behind it, ten behind a hundred of those each, and one behind the ten. */
  async function fileFan(): Promise<string> {
    const [source = ''] = await file([{ on: [] }]);
    const wide = await file(Array.from({ length: WIDE }, () => ({ on: [source] })));
    const collectors = Array.from({ length: WIDE / BEFORE_ONE }, (_, index) => ({
      ref: `c${index}`,
      on: wide.slice(index * BEFORE_ONE, (index + 1) * BEFORE_ONE),
    }));
    const ids = await file([...collectors, { on: collectors.map(({ ref }) => `@${ref}`) }]);
    return ids.at(-1) ?? '';
  }

  function start(more: object): Worker {
    const script = join(__dirname, '../../support/chain-worker.mjs');
    const door = { url: server.url, key: server.key, worker_id: `w${workers.length}`, wait: 20 };
    const worker = spawn(process.execPath, [script, JSON.stringify({ ...door, ...more })], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    workers.push(worker);
    return worker;
  }

  async function said(worker: Worker): Promise<Said> {
    for await (const line of createInterface({ input: worker.stdout })) return JSON.parse(line) as Said;
    throw new Error('the worker ended without a word');
  }

  async function kill(worker: Worker): Promise<void> {
    if (worker.exitCode !== null || worker.signalCode !== null) return;
    const ended = once(worker, 'exit');
    worker.kill('SIGKILL');
    await ended;
  }

  const eventsOf = (command: string): Map<string, number[]> => {
    const found = observed.transitions.filter((event) => event.command === command);
    const byTask = Map.groupBy(found, ({ taskId }) => taskId);
    return new Map([...byTask].map(([id, events]) => [id, events.map(({ eventId }) => eventId)]));
  };
  const sumOf = async (id: string): Promise<unknown> => {
    const response = await server.request(`/api/v1/tasks/${id}`);
    return ((await response.json()) as { data: { result: { sum: number } } }).data.result.sum;
  };

  it('have all been done, each once', () => {
    expect(observed.tasks.filter(({ status }) => status !== 'completed')).toEqual([]);
    expect(observed.tasks).toHaveLength(edges.size);
    expect([...eventsOf('complete').values()].filter((events) => events.length !== 1)).toEqual([]);
    expect(check([], observed).filter(({ kind }) => !ABOUT_CLIENTS.includes(kind))).toEqual([]);
  });

  it('have been done in their order: none was claimed before all that it waits for was completed', () => {
    const [claims, completions] = [eventsOf('claim'), eventsOf('complete')];
    const early = [...edges].filter(([id, on]) =>
      on.some((each) => (completions.get(each)?.[0] ?? Infinity) > (claims.get(id)?.[0] ?? 0)),
    );
    expect(early).toEqual([]);
  });

  it('have handed their results on, through a diamond and through a thousand', async () => {
    expect(await Promise.all(diamond.map(sumOf))).toEqual([2, 1, 1, 1]);
    expect(await sumOf(last)).toBe(WIDE);
  });

  it('have lost nothing with the killed one: what it held went to others', () => {
    expect(heldByTheKilled.length).toBeGreaterThan(0);
    const expired = [...eventsOf('expire').keys()];
    expect(expired.sort()).toEqual([...heldByTheKilled].sort());
  });
});
