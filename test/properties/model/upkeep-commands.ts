import type { ModelQueue } from './model-queue';
import { endOf } from './model-task';
import { QueueCommand } from './queue-command';
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
    const { events } = await real.parts.events.read(before, 1000, {});
    const overdue = model.overdue(now);
    expect([taken, events.length]).toEqual([Math.min(this.limit, overdue.length), taken]);
    // Of those that are as long overdue, any may be taken first.
    const due = events.map(({ taskId }) => model.find(taskId)).filter((task) => task !== undefined);
    expect(due.map(endOf).sort((left, right) => left - right)).toEqual(
      real.clock === undefined ? expect.anything() : overdue.slice(0, taken).map(endOf),
    );
    for (const task of due) {
      expect(overdue).toContain(task);
      model.lapse(task, now);
    }
  }
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
