import { JsonDocument, Task, type Decision, type EpochMs, type TaskDraft } from '@task/domain';
import { ACTOR, draft, failure, TASK_ID } from '../../support/builders';
import type { ModelDraft, ModelEnd, ModelQueue } from './model-queue';
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

/** New tasks, all in one command. */
export class Create extends QueueCommand {
  constructor(
    private readonly wanted: readonly Wanted[],
    private readonly key: string | null,
  ) {
    super('create', { wanted, ...(key !== null && { key }) });
  }

  protected override async apply(model: ModelQueue, real: RealQueue): Promise<void> {
    const now = await real.now();
    const key = this.keyed(this.key, false);
    const drafts = this.wanted.map(({ delayMs, ...rest }): ModelDraft => {
      const availableAt = delayMs === null ? null : now + delayMs;
      return { id: real.ids.taskId(), availableAt, ...rest };
    });
    const answer = await real.run(key, (counted) =>
      real.queue.store.insert((at) => drafts.map((each) => created(each, at)), LIVE, counted),
    );
    this.agree(model, answer, key, now, () => model.create(drafts, now));
  }
}

function created({ id, ...rest }: ModelDraft, now: EpochMs): Decision {
  const changes: Partial<TaskDraft> = rest;
  return Task.create(draft(changes), id, ACTOR, now);
}

/** A worker's wish for work. */
export class Claim extends QueueCommand {
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
    const now = await real.now();
    const { taskTypes, limit, worker: workerId, lengthMs } = this.wish;
    const filter = taskTypes === null ? {} : { taskTypes };
    const key = this.keyed(this.key, true);
    const answer = await real.run(key, (counted) =>
      real.queue.claimUpTo(limit, filter, { workerId, lengthMs }, counted),
    );
    const tokens = 'ok' in answer.outcome ? answer.outcome.ok.map(({ token }) => token ?? 'none') : [];
    this.agree(model, answer, key, now, () => model.claim({ ...this.wish, tokens }, now));
  }
}

/** Who writes: the holder by its token or its name, somebody who held it before, a stranger, or one who says nothing. */
export const HOLDERS = ['token', 'name', 'both', 'late', 'stranger', 'other name', 'nobody'] as const;
export type Holder = (typeof HOLDERS)[number];

function shownBy(holder: Holder, task: ModelTask | undefined): Shown {
  const token = task?.lease?.token ?? 'no token yet';
  const name = task?.lease?.worker ?? 'no name';
  const shown: Record<Holder, Shown> = {
    token: { leaseToken: token },
    name: { workerId: name },
    both: { leaseToken: token, workerId: name },
    late: { leaseToken: task?.tokens.at(-2) ?? 'an older token' },
    stranger: { leaseToken: 'a stranger’s token' },
    'other name': { workerId: 'somebody else' },
    nobody: {},
  };
  return shown[holder];
}

/** A write that concerns one task. */
abstract class Update extends QueueCommand {
  constructor(
    name: string,
    private readonly pick: number,
    private readonly key: string | null,
    asked: object = {},
  ) {
    super(name, { pick, ...asked, ...(key !== null && { key }) });
  }

  protected abstract decide(real: RealQueue, task: ModelTask | undefined): (task: Task, now: EpochMs) => Decision;
  protected abstract model(model: ModelQueue, id: string, task: ModelTask | undefined, now: number): Outcome;

  protected override async apply(model: ModelQueue, real: RealQueue): Promise<void> {
    const now = await real.now();
    const { id, task } = picked(model, this.pick);
    const key = this.keyed(this.key, false, id, task?.lease?.token);
    const decide = this.decide(real, task);
    const answer = await real.run(key, async (counted) => [
      await real.queue.store.update(id, decide, LIVE, counted),
    ]);
    this.agree(model, answer, key, now, () => this.model(model, id, task, now));
  }
}

/** A holder ends its claim, or somebody tries to. */
export class End extends Update {
  constructor(
    pick: number,
    private readonly holder: Holder,
    private readonly end: ModelEnd,
    key: string | null,
  ) {
    super(end.command, pick, key, { holder, ...end });
  }

  protected override decide(real: RealQueue, held: ModelTask | undefined) {
    const shown = shownBy(this.holder, held);
    const { end } = this;
    return (task: Task, now: EpochMs): Decision => {
      if (end.command === 'release') return task.release(null, shown, ACTOR, now);
      if (end.command === 'fail') return task.fail(failure(end), shown, real.retry, ACTOR, now);
      const result = end.result === null ? null : JsonDocument.fromText(end.result);
      return task.complete(result, shown, ACTOR, now);
    };
  }

  protected override model(model: ModelQueue, id: string, task: ModelTask | undefined, now: number): Outcome {
    return model.end(id, this.end, shownBy(this.holder, task), now);
  }
}

/** A holder's sign of life, or somebody's who pretends to be one. */
export class Renew extends Update {
  constructor(
    pick: number,
    private readonly holder: Holder,
    key: string | null,
  ) {
    super('renew', pick, key, { holder });
  }

  protected override decide(_: RealQueue, held: ModelTask | undefined) {
    const shown = shownBy(this.holder, held);
    return (task: Task, now: EpochMs): Decision => task.renew({ progress: 50 }, shown, now);
  }

  protected override model(model: ModelQueue, id: string, task: ModelTask | undefined, now: number): Outcome {
    return model.renew(id, shownBy(this.holder, task), now);
  }
}

export class Cancel extends Update {
  constructor(
    pick: number,
    private readonly force: boolean,
    key: string | null,
  ) {
    super('cancel', pick, key, { force });
  }

  protected override decide() {
    return (task: Task, now: EpochMs): Decision => task.cancel(null, this.force, ACTOR, now);
  }

  protected override model(model: ModelQueue, id: string): Outcome {
    return model.cancel(id, this.force);
  }
}

export class Retry extends Update {
  constructor(pick: number, key: string | null) {
    super('retry', pick, key);
  }

  protected override decide() {
    return (task: Task, now: EpochMs): Decision => task.retry(ACTOR, now);
  }

  protected override model(model: ModelQueue, id: string, _: ModelTask | undefined, now: number): Outcome {
    return model.retry(id, now);
  }
}

/** A write to a task that was never there. */
export class CancelUnknown extends QueueCommand {
  constructor() {
    super('cancel a task that is not there');
  }

  protected override async apply(_: ModelQueue, real: RealQueue): Promise<void> {
    const decide = (task: Task, now: EpochMs): Decision => task.cancel(null, true, ACTOR, now);
    const answer = await real.run(null, async () => [await real.queue.store.update(TASK_ID, decide, LIVE)]);
    expect(answer.outcome).toEqual({ refused: 'task.not_found' });
  }
}
