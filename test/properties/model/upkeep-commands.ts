import type { Choice } from './client-commands';
import type { ModelQueue } from './model-queue';
import { endOf, type ModelTask } from './model-task';
import { picked, QueueCommand } from './queue-command';
import type { RealQueue } from './real-queue';

/** A sweep takes tasks from workers whose time is over: the longest overdue first, no more than it may. */
export class Lapse extends QueueCommand {
  constructor(private readonly limit: number) {
    super('lapse', { limit });
  }

  protected override async apply(model: ModelQueue, real: RealQueue): Promise<void> {
    const before = model.events.length;
    const taken = await real.queue.lapse(this.limit, real.retry);
    const now = await real.now();
    const overdue = model.overdue(now);
    const due = await takenSince(before, model, real);
    expect([taken, due.length]).toEqual([Math.min(this.limit, overdue.length), taken]);
    // Of those that are as long overdue, any may be taken first; without a clock to set, nobody knows how long.
    if (real.clock !== undefined) {
      expect(due.map(endOf).sort(upwards)).toEqual(overdue.slice(0, taken).map(endOf));
    }
    for (const task of due) {
      expect(overdue).toContain(task);
      model.lapse(task, now);
    }
  }
}

/** A holder renews at the very moment at which a sweep looks at its lease. */
export class RenewWhileSwept extends QueueCommand {
  constructor(private readonly pick: Choice) {
    super('renew while swept', { pick });
  }

  override async check({ tasks }: Readonly<ModelQueue>): Promise<boolean> {
    return tasks.some(({ status }) => status === 'working');
  }

  protected override async apply(model: ModelQueue, real: RealQueue): Promise<void> {
    const now = await real.now();
    const held = picked(model, this.pick.number, ({ status }) => status === 'working');
    if (held === null) return;
    const before = model.events.length;
    const shown = { leaseToken: held.lease?.token ?? '' };
    const [, taken] = await Promise.all([
      real.queue.store.update(held.id, (task, at) => task.renew({}, shown, at), { aborted: false }),
      real.queue.lapse(1_000, real.retry),
    ]);
    model.renew(held.id, shown, now);
    const overdue = model.overdue(await real.now());
    const due = await takenSince(before, model, real);
    expect(due).toHaveLength(taken);
    // What was written at this moment may wait for the next sweep, should it be over in spite of it.
    const others = overdue.filter((task) => task !== held);
    expect(due.filter((task) => task !== held).sort(byId)).toEqual(others.sort(byId));
    if (due.includes(held)) expect(overdue).toContain(held);
    for (const task of due) model.lapse(task, await real.now());
  }
}

/** The tasks that the log tells of since, in its order. */
async function takenSince(before: number, model: ModelQueue, real: RealQueue): Promise<ModelTask[]> {
  const { events } = await real.parts.events.read(before, 1000, {});
  return events.map(({ taskId }) => model.find(taskId)).filter((task) => task !== undefined);
}

function upwards(left: number, right: number): number {
  return left - right;
}

function byId(left: ModelTask, right: ModelTask): number {
  return left.id < right.id ? -1 : 1;
}

/** Time goes on. */
export class Advance extends QueueCommand {
  constructor(private readonly ms: number) {
    super('advance', { ms });
  }

  protected override async apply(_: ModelQueue, real: RealQueue): Promise<void> {
    real.clock?.advance(this.ms);
  }
}

/** Somebody sets the clock, and the store is told so at once. */
export class SetClock extends QueueCommand {
  constructor(private readonly byMs: number) {
    super('set the clock', { byMs });
  }

  protected override async apply(model: ModelQueue, real: RealQueue): Promise<void> {
    real.clock?.advance(this.byMs);
    await real.queue.store.shiftLeases(this.byMs, await real.now(), 0);
    model.shift(this.byMs);
  }
}

/** The service is stopped and started. */
export class Reopen extends QueueCommand {
  constructor() {
    super('reopen');
  }

  protected override async apply(_: ModelQueue, real: RealQueue): Promise<void> {
    await real.reopen();
  }
}

/** Outcomes whose day is over are forgotten, also should the clock be set back. */
export class Forget extends QueueCommand {
  constructor() {
    super('forget outcomes');
  }

  protected override async apply(model: ModelQueue, real: RealQueue): Promise<void> {
    await real.queue.store.forgetOutcomes(1_000);
    model.memory.forget(await real.now());
  }
}
