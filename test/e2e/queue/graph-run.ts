import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { BuiltServer } from '../../support/built-server';
import { eventually } from '../../support/eventually';
import { observeOverHttp } from '../../support/checking/observe-over-http';
import type { Observed } from '../../support/checking/observed';
import { RecordedClient } from '../../support/recorded-client';
import { Recorder } from '../../support/recorder';

const BEFORE_ONE = 100;

type Worker = ChildProcessByStdio<null, Readable, null>;
interface Filed {
  readonly task_id: string;
}
interface Said {
  readonly holds?: readonly string[];
  readonly completed?: number;
}

/** What three processes have made of two graphs. */
export interface WorkedOff {
  readonly server: BuiltServer;
  /** What each task depends on. */
  readonly edges: ReadonlyMap<string, readonly string[]>;
  /** Bottom, left, right, top. */
  readonly diamond: readonly string[];
  /** The one that all of the fan lead to. */
  readonly last: string;
  readonly heldByTheKilled: readonly string[];
  readonly observed: Observed;
}

/** Files a diamond, and a fan that is so wide, and lets three processes work them off, of which one is killed. */
export async function workOffGraphs(server: BuiltServer, wide: number): Promise<WorkedOff> {
  const edges = new Map<string, readonly string[]>();
  const filing = new Filing(server, edges);
  const [diamond, last] = [await filing.diamond(), await filing.fan(wide)];
  // What the killed one held is free after its lease of 10 seconds: the others wait for longer than that.
  const victim = start(server, 'killed', { holdAfter: wide / 4 });
  const others = [start(server, 'w1'), start(server, 'w2')];
  try {
    const heldByTheKilled = (await said(victim)).holds ?? [];
    await kill(victim);
    await eventually(async () => ((await completedOn(server)) === edges.size ? true : null), {
      timeoutMs: 120_000,
    });
    return { ...{ server, edges, diamond, last, heldByTheKilled }, observed: await observe(server) };
  } finally {
    await Promise.all([victim, ...others].map(kill));
  }
}

class Filing {
  constructor(
    private readonly server: BuiltServer,
    private readonly edges: Map<string, readonly string[]>,
  ) {}

  diamond(): Promise<string[]> {
    return this.file([
      { ref: 'bottom', on: ['@left', '@right'] },
      { ref: 'left', on: ['@top'] },
      { ref: 'right', on: ['@top'] },
      { ref: 'top', on: [] },
    ]);
  }

  /** One task, so many behind it, one behind each hundred of those, and one behind all of these. */
  async fan(width: number): Promise<string> {
    const [source = ''] = await this.file([{ on: [] }]);
    const wide = await this.file(Array.from({ length: width }, () => ({ on: [source] })));
    const collectors = Array.from({ length: width / BEFORE_ONE }, (_, index) => ({
      ref: `c${index}`,
      on: wide.slice(index * BEFORE_ONE, (index + 1) * BEFORE_ONE),
    }));
    const ids = await this.file([...collectors, { on: collectors.map(({ ref }) => `@${ref}`) }]);
    return ids.at(-1) ?? '';
  }

  private async file(tasks: readonly { ref?: string; on: readonly string[] }[]): Promise<string[]> {
    const body = tasks.map(({ ref, on }) => ({
      ...{ work_directory: '/srv/graph', prompt: 'Add it up.', depends_on: on },
      ...(ref !== undefined && { ref }),
    }));
    const response = await this.server.request('/api/v1/tasks/batch', { json: { tasks: body } });
    const { data } = (await response.json()) as { data: { tasks: readonly Filed[] } };
    const ids = data.tasks.map(({ task_id: id }) => id);
    const idOf = new Map(tasks.map(({ ref }, index) => [`@${ref}`, ids[index] ?? '']));
    for (const [index, { on }] of tasks.entries()) {
      this.edges.set(
        ids[index] ?? '',
        on.map((name) => idOf.get(name) ?? name),
      );
    }
    return ids;
  }
}

function start(server: BuiltServer, worker_id: string, more: object = {}): Worker {
  const script = join(__dirname, '../../support/chain-worker.mjs');
  const door = { url: server.url, key: server.key, worker_id, wait: 20 };
  return spawn(process.execPath, [script, JSON.stringify({ ...door, ...more })], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
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

async function completedOn(server: BuiltServer): Promise<number> {
  const response = await server.request('/api/v1/tasks?status=completed&limit=1');
  const { data } = (await response.json()) as { data: { pagination: { total: number } } };
  return data.pagination.total;
}

async function observe(server: BuiltServer): Promise<Observed> {
  const client = (): RecordedClient =>
    new RecordedClient({ url: server.url, key: server.key }, new Recorder());
  const clients = [client(), client(), client(), client()] as const;
  const observed = await observeOverHttp([...clients]);
  clients.forEach((each) => each.close());
  return observed;
}
