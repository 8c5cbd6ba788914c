import { StoreUnavailable, type Cancellation } from '@task/application';
import type { Task } from '@task/domain';
import { weightOf, type Command, type Outcome, type Submitted } from './commands';
import { LanePulse } from './lane-pulse';

/** What runs a group of commands in one transaction. */
export interface GroupRunner {
  run(commands: readonly Command[]): Promise<readonly Outcome[]>;
}

/** The bounds of a lane. */
export interface LaneLimits {
  /** Commands that wait at most; what comes on top is refused as overloaded. */
  readonly maxQueued: number;
  /** Commands in one transaction at most. */
  readonly maxGroup: number;
  /**
   * Tasks that the commands of one transaction write at most, or one command: a batch is many tasks, and SQLite does
   * all of a transaction in one turn of the event loop.
   */
  readonly maxTasks: number;
  /** How long a command may wait for its turn, ms. */
  readonly timeoutMs: number;
}

/** Longer than this no group is gathered, however fast commands come. */
const GATHER_AT_MOST_MS = 5;

/**
 * The one way to write. Commands wait in a bounded queue; what has arrived while the last transaction ran is the next
 * group, so that one flush to disk serves all of them. Every answer, refusals and replays too, leaves after the
 * commit. A group that the database refuses is run again one by one: a command that cannot be stored fails alone.
 */
export class Lane {
  private readonly holders: Submitted[] = [];
  private readonly others: Submitted[] = [];
  private running: Promise<void> | null = null;
  private closed = false;
  /** What shows that it goes on, and how it does. */
  readonly pulse: LanePulse;

  constructor(
    private readonly runner: GroupRunner,
    private readonly faultOf: (error: unknown) => StoreUnavailable | null,
    private readonly limits: LaneLimits,
    private readonly monotonic: () => number = () => performance.now(),
  ) {
    this.pulse = new LanePulse(monotonic);
  }

  submit(command: Command, signal: Cancellation): Promise<readonly Task[]> {
    if (this.closed) return Promise.reject(new StoreUnavailable('closing'));
    if (this.waiting >= this.limits.maxQueued) return Promise.reject(new StoreUnavailable('overloaded'));
    return new Promise((resolve, reject) => {
      const settle = (outcome: Outcome): void => {
        if (outcome.ok) resolve(outcome.tasks);
        else reject(asError(outcome.error));
      };
      const deadline = this.monotonic() + this.limits.timeoutMs;
      const queue = command.kind === 'update' ? this.holders : this.others;
      queue.push({ command, signal, deadline, settle });
      this.pulse.wanted();
      this.running ??= this.run();
    });
  }

  /** Commands that wait for their group. */
  get waiting(): number {
    return this.holders.length + this.others.length;
  }

  /** Takes no more commands, runs those that wait, and settles when the last is answered. */
  async close(): Promise<void> {
    this.closed = true;
    await this.running;
  }

  private async run(): Promise<void> {
    try {
      while (this.waiting > 0) {
        await this.gather();
        const group = this.nextGroup();
        this.pulse.begin();
        await this.runGroup(group);
        this.pulse.end(group.length, this.waiting);
      }
    } finally {
      this.running = null;
    }
  }

  /**
   * Lets the sockets be read: whatever comes in with this turn of the event loop shares the group, and as long as every
   * turn brings more, with the next one too. Nobody waits for a command that is not there yet.
   */
  private async gather(): Promise<void> {
    const end = this.monotonic() + GATHER_AT_MOST_MS;
    let before: number;
    do {
      before = this.waiting;
      await new Promise(setImmediate);
    } while (this.waiting > before && this.waiting < this.limits.maxGroup && this.monotonic() < end);
  }

  private nextGroup(): readonly Submitted[] {
    const holders = this.holders.splice(0, this.limits.maxGroup);
    const group = [...holders, ...this.others.splice(0, this.fitting(holders.length))];
    const now = this.monotonic();
    return group.filter((submitted) => {
      const isWanted = !submitted.signal.aborted && submitted.deadline > now;
      if (!isWanted) submitted.settle({ ok: false, error: new StoreUnavailable('timed_out') });
      return isWanted;
    });
  }

  /** How many of the others go with so many holders' writes: in their order, and never none without holders. */
  private fitting(holders: number): number {
    const { maxGroup, maxTasks } = this.limits;
    let tasks = holders;
    const end = this.others.findIndex(({ command }, index) => {
      tasks += weightOf(command);
      return holders + index >= maxGroup || (tasks > maxTasks && holders + index > 0);
    });
    return end === -1 ? this.others.length : end;
  }

  private async runGroup(group: readonly Submitted[]): Promise<void> {
    if (group.length === 0) return;
    try {
      const outcomes = await this.runner.run(group.map(({ command }) => command));
      this.pulse.stored(null);
      for (const [index, { settle }] of group.entries()) {
        settle(outcomes[index] ?? { ok: false, error: new Error('the group answered too few outcomes') });
      }
    } catch (error) {
      await this.recover(group, error);
    }
  }

  private async recover(group: readonly Submitted[], error: unknown): Promise<void> {
    const fault = this.faultOf(error);
    if (fault !== null) this.pulse.stored(fault);
    if (fault !== null || group.length === 1) {
      for (const { settle } of group) settle({ ok: false, error: fault ?? error });
      return;
    }
    for (const submitted of group) await this.runGroup([submitted]);
  }
}

/** What a decision threw is passed on as it is; only what is no error has to become one. */
function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
