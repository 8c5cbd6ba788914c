import {
  JsonDocument,
  Task,
  type Decide,
  type Decision,
  type EpochMs,
  type TaskDraft,
  type TaskStatus,
} from '@task/domain';
import { ACTOR, draft, failure, TASK_ID } from '../../support/builders';
import type { ModelDraft, ModelEnd, ModelQueue, ModelRequest } from './model-queue';
import type { ModelTask, Outcome, Shown } from './model-task';
import { picked, QueueCommand } from './queue-command';
import type { RealQueue } from './real-queue';

const LIVE = { aborted: false };

/** A task as it is to be created; `delayMs` says when it is available, from now on. */
export interface Wanted {
  readonly priority: number;
  readonly taskType: string;
  readonly maxRetries: number;
  readonly autoRetry: boolean;
  readonly timeoutSeconds: number | null;
  readonly delayMs: number | null;
}

/** Something that clients ask for, and may have to ask for again. */
abstract class ClientCommand extends QueueCommand {
  protected async request(model: ModelQueue, real: RealQueue, request: ModelRequest): Promise<void> {
    if (request.key !== null) model.sent.push(request);
    await this.agree(model, real, request);
  }
}

/** New tasks, all in one command. */
export class Create extends ClientCommand {
  constructor(
    private readonly wanted: readonly Wanted[],
    private readonly key: string | null,
  ) {
    super('create', { wanted, ...(key !== null && { key }) });
  }

  protected override async apply(model: ModelQueue, real: RealQueue): Promise<void> {
    // The request is of fixed times, and each time it comes its tasks would get ids of their own.
    const now = await real.now();
    let drafts: readonly ModelDraft[] = [];
    const draftsOfThisTime = (): readonly ModelDraft[] =>
      this.wanted.map(({ delayMs, ...rest }) => ({
        ...{ id: real.ids.taskId(), availableAt: delayMs === null ? null : now + delayMs },
        ...rest,
      }));
    await this.request(model, real, {
      key: this.keyed(this.key, false),
      send: (key) => {
        drafts = draftsOfThisTime();
        return real.queue.store.insert((at) => drafts.map((each) => created(each, at)), LIVE, key);
      },
      expected: (at) => model.create(drafts, at),
    });
  }
}

function created({ id, ...rest }: ModelDraft, now: EpochMs): Decision {
  const changes: Partial<TaskDraft> = rest;
  return Task.create(draft(changes), id, ACTOR, now);
}

/** A worker's wish for work. */
export class Claim extends ClientCommand {
  constructor(
    private readonly wish: {
      readonly taskTypes: readonly string[] | null;
      readonly limit: number;
      readonly worker: string | null;
      readonly lengthMs: number;
    },
    private readonly key: string | null,
  ) {
    super('claim', { ...wish, ...(key !== null && { key }) });
  }

  protected override async apply(model: ModelQueue, real: RealQueue): Promise<void> {
    const { taskTypes, limit, worker: workerId, lengthMs } = this.wish;
    const filter = taskTypes === null ? {} : { taskTypes };
    await this.request(model, real, {
      key: this.keyed(this.key, true),
      send: (key) => real.queue.claimUpTo(limit, filter, { workerId, lengthMs }, key),
      expected: (now, told) =>
        model.claim({ ...this.wish, tokens: told.map(({ token }) => token ?? 'none') }, now),
    });
  }
}

/** Who writes: the holder by its token or its name, somebody who held it before, a stranger, or one who says nothing. */
export const HOLDERS = ['token', 'name', 'both', 'late', 'stranger', 'other name', 'nobody'] as const;
export type Holder = (typeof HOLDERS)[number];

function shownBy(holder: Holder, { lease, tokens }: ModelTask): Shown {
  const token = lease?.token ?? 'no token yet';
  const name = lease?.worker ?? 'no name';
  const shown: Record<Holder, Shown> = {
    token: { leaseToken: token },
    name: { workerId: name },
    both: { leaseToken: token, workerId: name },
    late: { leaseToken: tokens.at(-2) ?? 'an older token' },
    stranger: { leaseToken: 'a stranger’s token' },
    'other name': { workerId: 'somebody else' },
    nobody: {},
  };
  return shown[holder];
}

/** Which task: any, or preferably one that the command fits. */
export interface Choice {
  readonly of: 'any' | 'fitting';
  readonly number: number;
}

/** What the domain decides about a task, and what the model makes of it. */
interface BothSides {
  readonly decide: Decide;
  readonly expected: (now: number) => Outcome;
}

/** A write that concerns one task. */
abstract class Update extends ClientCommand {
  protected override readonly needs = 1;

  constructor(
    name: string,
    private readonly pick: Choice,
    private readonly key: string | null,
    asked: object = {},
  ) {
    super(name, { pick, ...asked, ...(key !== null && { key }) });
  }

  protected abstract readonly fits: TaskStatus;
  /** What the domain and the model are to make of the task; what is shown is settled when it is first sent. */
  protected abstract commands(task: ModelTask, model: ModelQueue, real: RealQueue): BothSides;

  protected override async apply(model: ModelQueue, real: RealQueue): Promise<void> {
    const { of, number } = this.pick;
    const task = picked(model, number, ({ status }) => of === 'any' || status === this.fits);
    if (task === null) return;
    const { decide, expected } = this.commands(task, model, real);
    await this.request(model, real, {
      key: this.keyed(this.key, false, task.id, task.lease?.token),
      send: async (key) => [await real.queue.store.update(task.id, decide, LIVE, key)],
      expected,
    });
  }
}

/** A holder ends its claim, or somebody tries to. */
export class End extends Update {
  protected override readonly fits = 'working';

  constructor(
    pick: Choice,
    private readonly holder: Holder,
    private readonly end: ModelEnd,
    key: string | null,
  ) {
    super(end.command, pick, key, { holder, ...end });
  }

  protected override commands(held: ModelTask, model: ModelQueue, { retry }: RealQueue): BothSides {
    const { end } = this;
    const shown = shownBy(this.holder, held);
    const decide: Decide = (task, now) => {
      if (end.command === 'release') return task.release(null, shown, ACTOR, now);
      if (end.command === 'fail') return task.fail(failure(end), shown, retry, ACTOR, now);
      const result = end.result === null ? null : JsonDocument.fromText(end.result);
      return task.complete(result, shown, ACTOR, now);
    };
    return { decide, expected: (now: number) => model.end(held.id, end, shown, now) };
  }
}

/** A holder's sign of life, or somebody's who pretends to be one. */
export class Renew extends Update {
  protected override readonly fits = 'working';

  constructor(
    pick: Choice,
    private readonly holder: Holder,
    key: string | null,
  ) {
    super('renew', pick, key, { holder });
  }

  protected override commands(held: ModelTask, model: ModelQueue): BothSides {
    const shown = shownBy(this.holder, held);
    const decide: Decide = (task, now) => task.renew({ progress: 50 }, shown, now);
    return { decide, expected: (now: number) => model.renew(held.id, shown, now) };
  }
}

export class Cancel extends Update {
  protected override readonly fits = 'waiting';

  constructor(
    pick: Choice,
    private readonly force: boolean,
    key: string | null,
  ) {
    super('cancel', pick, key, { force });
  }

  protected override commands({ id }: ModelTask, model: ModelQueue): BothSides {
    const decide: Decide = (task, now) => task.cancel(null, this.force, ACTOR, now);
    return { decide, expected: () => model.cancel(id, this.force) };
  }
}

export class Retry extends Update {
  protected override readonly fits = 'failed';

  constructor(pick: Choice, key: string | null) {
    super('retry', pick, key);
  }

  protected override commands({ id }: ModelTask, model: ModelQueue): BothSides {
    const decide: Decide = (task, now) => task.retry(ACTOR, now);
    return { decide, expected: (now: number) => model.retry(id, now) };
  }
}

/** A write to a task that was never there. */
export class CancelUnknown extends ClientCommand {
  constructor(private readonly key: string | null) {
    super('cancel a task that is not there', { ...(key !== null && { key }) });
  }

  protected override async apply(model: ModelQueue, real: RealQueue): Promise<void> {
    const decide: Decide = (task, now) => task.cancel(null, true, ACTOR, now);
    await this.request(model, real, {
      key: this.keyed(this.key, false),
      send: async (key) => [await real.queue.store.update(TASK_ID, decide, LIVE, key)],
      expected: () => model.cancel(TASK_ID, true),
    });
  }
}

/** A client that lost an answer sends its request again, under the same key. */
export class SendAgain extends QueueCommand {
  constructor(private readonly pick: number) {
    super('send again', { pick });
  }

  override async check({ sent }: Readonly<ModelQueue>): Promise<boolean> {
    return sent.length > 0;
  }

  protected override async apply(model: ModelQueue, real: RealQueue): Promise<void> {
    const request = model.sent[model.sent.length - 1 - (this.pick % model.sent.length)];
    if (request !== undefined) await this.agree(model, real, request);
  }
}
