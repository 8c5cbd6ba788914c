import type { Sent } from '../exchange';

/** How many of each are remembered. */
const MOST = 40;
/** Mostly it is about the latest, whose leases live. */
const LATEST = 6;

interface Thing {
  readonly task_id: string;
  readonly lease_token?: string;
  readonly worker_id?: string | null;
}

interface Found extends Partial<Thing> {
  readonly id?: string;
  readonly schedule_id?: string;
}

/** What the service has told of tasks, leases, workers, keys and schedules, so that requests can be about something that exists. */
export class KnownThings {
  private readonly tasks: Thing[] = [];
  private readonly keys: string[] = [];
  private readonly schedules: string[] = [];

  /** Looks for things in an answer, wherever they stand. */
  learn(path: string, answer: string): void {
    if (!answer.startsWith('{') && !answer.startsWith('[')) return;
    const left: unknown[] = [JSON.parse(answer)];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      if (typeof next !== 'object' || next === null) continue;
      this.note(path, next);
      left.push(...Object.values(next).filter((inner) => typeof inner === 'object'));
    }
  }

  /** The request, about the things that it names. */
  fill({ path, headers, body, ...rest }: Sent, pick: number): Sent {
    const from = pick % 5 === 0 ? MOST : LATEST;
    const task = this.tasks[pick % Math.min(from, this.tasks.length)];
    const key = this.keys[pick % this.keys.length];
    const told = new Map([
      ['KNOWN-task_id', task?.task_id ?? 'none'],
      ['KNOWN-lease_token', task?.lease_token ?? 'none'],
      ['KNOWN-worker_id', task?.worker_id ?? 'worker-1'],
      ['KNOWN-key_id', key ?? 'none'],
      ['KNOWN-schedule_id', this.schedules[pick % this.schedules.length] ?? 'none'],
    ]);
    const filled = (text: string, written: (id: string) => string): string =>
      text.replaceAll(/KNOWN-\w+/g, (name) => written(told.get(name) ?? name));
    return {
      ...{ ...rest, headers, path: filled(path, encodeURIComponent) },
      // Byte by byte: what is no UTF-8 stays as it is.
      body: body && Buffer.from(filled(body.toString('latin1'), inJson), 'latin1'),
    };
  }

  private note(path: string, found: object): void {
    const { id, task_id = id, lease_token, worker_id, schedule_id } = found as Found;
    if (schedule_id?.length === 36) remember(this.schedules, schedule_id);
    if (typeof task_id !== 'string' || task_id.length !== 36) return;
    if (path.includes('/keys')) remember(this.keys, task_id);
    else
      remember(this.tasks, {
        task_id,
        ...(lease_token !== undefined && { lease_token }),
        worker_id: worker_id ?? null,
      });
  }
}

function remember<T>(things: T[], thing: T): void {
  things.unshift(thing);
  things.splice(MOST);
}

function inJson(id: string): string {
  return Buffer.from(JSON.stringify(id).slice(1, -1)).toString('latin1');
}
