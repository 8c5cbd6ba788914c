import { CreateTasks, RunSchedules, ScheduledRuns, type EventLog } from '@task/application';
import { CronerRecurrence, openStore, type OpenStore, type StoreOptions } from '@task/infrastructure';
import { newSchedule, type Schedule, type ScheduleDraft } from '@task/domain';
import { ACTOR, policy } from './builders';
import { CountedIds } from './counted-ids';
import { memoryGuard } from './told-memory';
import type { FixedClock } from './fixed-clock';
import type { ManualTimers } from './manual-timers';

const recurrence = new CronerRecurrence();

/** One of several services on a database, as far as schedules go: it can be started again at any time. */
export class SchedulingInstance {
  private opened: { readonly store: OpenStore; readonly scheduler: RunSchedules } | null = null;

  constructor(
    private readonly options: StoreOptions,
    private readonly clock: FixedClock,
    private readonly timers: ManualTimers,
    private readonly ids: CountedIds,
  ) {}

  get store(): OpenStore {
    if (this.opened === null) throw new Error('not started');
    return this.opened.store;
  }

  async start(): Promise<void> {
    const store = await openStore(this.options);
    const runs = new ScheduledRuns(
      new CreateTasks(store.tasks, this.ids, policy(), memoryGuard()),
      recurrence,
    );
    // The clock of the test counts, also where the database has one of its own.
    const atTestTime = Object.assign(Object.create(runs) as ScheduledRuns, {
      due: (schedule: Schedule, _: number, waiting: number) => runs.due(schedule, this.clock.now(), waiting),
    });
    const scheduler = new RunSchedules(store.schedules, atTestTime, this.clock, this.timers);
    scheduler.start();
    this.opened = { store, scheduler };
  }

  async stop(): Promise<void> {
    this.opened?.scheduler.stop();
    await this.opened?.store.close();
    this.opened = null;
  }

  async add(draft: ScheduleDraft): Promise<Schedule> {
    const by = { id: this.ids.scheduleId(), actor: ACTOR, now: this.clock.now() };
    return (await this.store.schedules.create(() => newSchedule(draft, by, recurrence))).schedule;
  }

  /** The occurrences that made a task, in the order in which they did, by the name of the schedule. */
  occurrences(): Promise<Map<string, number[]>> {
    return occurrencesIn(this.store.events);
  }
}

async function occurrencesIn(events: EventLog): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>();
  for (let after = 0, hasMore = true; hasMore;) {
    const page = await events.read(after, 1_000, {});
    for (const { details } of page.events) {
      const { schedule, scheduled_at: at } = details ?? {};
      found.set(String(schedule), [...(found.get(String(schedule)) ?? []), Date.parse(String(at))]);
    }
    after = page.readTo;
    hasMore = page.hasMore;
  }
  return found;
}
