import {
  ScheduleStore,
  type Cancellation,
  type Clock,
  type DecideRun,
  type IdempotencyKey,
  type SchedulePage,
  type StoredSchedule,
} from '@task/application';
import {
  IdempotencyKeyReused,
  ScheduleNameTaken,
  ScheduleNotFound,
  type Decision,
  type EpochMs,
  type Schedule,
  type Task,
} from '@task/domain';
import type { InMemoryTaskStore } from './in-memory-task-store';

interface Kept {
  readonly fingerprint: string;
  readonly outcome: Schedule | ScheduleNameTaken;
}

const ALWAYS_WANTED: Cancellation = { aborted: false };

/** Keeps schedules in the memory of one process, beside the tasks that they make. */
export class InMemoryScheduleStore extends ScheduleStore {
  private readonly schedules = new Map<string, Schedule>();
  private readonly kept = new Map<string, Kept>();

  constructor(
    private readonly tasks: InMemoryTaskStore,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async create(decide: (now: EpochMs) => Schedule, key?: IdempotencyKey): Promise<StoredSchedule> {
    await Promise.resolve();
    const kept = key === undefined ? undefined : this.kept.get(key.key);
    if (kept !== undefined) return { schedule: again(kept, key), isReplay: true };
    const schedule = decide(this.clock.now());
    const outcome = this.isTaken(schedule.name) ? new ScheduleNameTaken(schedule.name) : schedule;
    if (key !== undefined) this.kept.set(key.key, { fingerprint: key.fingerprint, outcome });
    if (outcome instanceof ScheduleNameTaken) throw outcome;
    this.schedules.set(schedule.id, schedule);
    return { schedule, isReplay: false };
  }

  override async change(
    id: string,
    decide: (schedule: Schedule, now: EpochMs) => Schedule,
  ): Promise<Schedule> {
    await Promise.resolve();
    const schedule = this.known(id);
    const changed = decide(schedule, this.clock.now());
    if (changed.name !== schedule.name && this.isTaken(changed.name)) {
      throw new ScheduleNameTaken(changed.name);
    }
    this.schedules.set(schedule.id, changed);
    return changed;
  }

  override async remove(id: string): Promise<Schedule | null> {
    const schedule = await this.find(id);
    this.schedules.delete(id.toLowerCase());
    return schedule;
  }

  override run(
    id: string,
    decide: DecideRun,
    signal: Cancellation,
    key?: IdempotencyKey,
  ): Promise<readonly Task[]> {
    return this.tasks.together(signal, key, (now, waiting) => this.ran(this.known(id), decide, now, waiting));
  }

  override async runDue(limit: number, decide: DecideRun): Promise<number> {
    let moved = 0;
    await this.tasks.together(ALWAYS_WANTED, undefined, (now, waiting) => {
      const tasks: Decision[] = [];
      for (const schedule of this.due(now).slice(0, limit)) {
        tasks.push(...this.ran(schedule, decide, now, waiting + tasks.length));
        moved += Number(this.schedules.get(schedule.id)?.nextAt !== schedule.nextAt);
      }
      return tasks;
    });
    return moved;
  }

  override async find(id: string): Promise<Schedule | null> {
    await Promise.resolve();
    return this.schedules.get(id.toLowerCase()) ?? null;
  }

  override async list(limit: number, offset: number): Promise<SchedulePage> {
    await Promise.resolve();
    const all = [...this.schedules.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
    return { schedules: all.slice(offset, offset + limit), total: all.length };
  }

  private due(now: EpochMs): readonly Schedule[] {
    const due = [...this.schedules.values()].filter(({ nextAt }) => nextAt !== null && nextAt <= now);
    return due.sort((left, right) => (left.nextAt ?? 0) - (right.nextAt ?? 0));
  }

  private ran(schedule: Schedule, decide: DecideRun, now: EpochMs, waiting: number): readonly Decision[] {
    const run = decide(schedule, now, waiting);
    this.schedules.set(schedule.id, run.schedule);
    return run.tasks;
  }

  private known(id: string): Schedule {
    const schedule = this.schedules.get(id.toLowerCase());
    if (schedule === undefined) throw new ScheduleNotFound(id);
    return schedule;
  }

  private isTaken(name: string): boolean {
    return [...this.schedules.values()].some((schedule) => schedule.name === name);
  }
}

function again({ fingerprint, outcome }: Kept, key: IdempotencyKey | undefined): Schedule {
  if (fingerprint !== key?.fingerprint) throw new IdempotencyKeyReused();
  if (outcome instanceof ScheduleNameTaken) throw outcome;
  return outcome;
}
