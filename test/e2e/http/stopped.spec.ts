import { CreateTasks, KeepLeases, RunSchedules, ScheduledRuns, StoreUnavailable } from '@task/application';
import type { Task } from '@task/domain';
import { Commits, InMemoryTaskStore, Lane } from '@task/infrastructure';
import { policy } from '../../support/builders';
import { eventually } from '../../support/eventually';
import { FixedClock } from '../../support/fixed-clock';
import { ManualTimers } from '../../support/manual-timers';
import { EventClient } from './event-client';
import { TestService } from './service';

/** Longer than the slowest turn that is well. */
const TOO_LONG_MS = 12_000;

interface Told {
  readonly status: number;
  readonly unhealthy: readonly string[];
  readonly message: string | undefined;
}

/** A store whose next due time nobody learns. */
class SecretiveStore extends InMemoryTaskStore {
  override nextDueAt(): Promise<null> {
    return new Promise(() => undefined);
  }
}

/** A store that frees nothing. */
class StuckStore extends InMemoryTaskStore {
  isAway = false;

  override lapse(): Promise<number> {
    return this.isAway
      ? Promise.reject(new StoreUnavailable('unknown'))
      : super.lapse(1, (task) => unchanged(task));
  }
}

const unchanged = (task: Task): { task: Task; effects: [] } => ({ task, effects: [] });

describe('a service of which a part has stopped', () => {
  let timers: ManualTimers;
  let clock: FixedClock;
  let service: TestService;

  const start = async (tasks?: InMemoryTaskStore, commits = new Commits()): Promise<void> => {
    timers = new ManualTimers();
    clock = new FixedClock();
    service = await TestService.start({ timers, commits, ...(tasks !== undefined && { tasks }) });
  };
  afterEach(() => service.close());

  const health = async (): Promise<Told> => {
    const { status, text } = await service.as(null).get('/health');
    const { components } = JSON.parse(text) as {
      components: Record<string, { healthy: boolean; message?: string }>;
    };
    const unhealthy = Object.entries(components).filter(([, { healthy }]) => !healthy);
    return { status, unhealthy: unhealthy.map(([name]) => name), message: unhealthy[0]?.[1].message };
  };
  const well = { status: 200, unhealthy: [], message: undefined };
  const without = (part: string): Told => ({
    status: 503,
    unhealthy: [part],
    message: expect.stringMatching(/^has not come on for 1\d s$/) as string,
  });

  it('is well as long as nothing is worked, for however long', async () => {
    await start();
    const lane = new Lane(
      { run: () => Promise.resolve([]) },
      () => null,
      LIMITS,
      () => timers.monotonic(),
    );
    service.core.pulses.watch('lane', lane.pulse);
    timers.standStill(10 * TOO_LONG_MS);
    expect(await health()).toEqual(well);
  });

  it('says that its lane has, when a transaction never ends', async () => {
    await start();
    const lane = new Lane(
      { run: () => new Promise(() => undefined) },
      () => null,
      LIMITS,
      () => timers.monotonic(),
    );
    service.core.pulses.watch('lane', lane.pulse);
    void lane.submit({ kind: 'upkeep', run: () => Promise.resolve() }, { aborted: false });
    expect(await health()).toEqual(well);
    timers.standStill(TOO_LONG_MS);
    expect(await health()).toEqual(without('lane'));
  });

  it.each([
    ['no_space', 'cannot write: the disk is full'],
    ['file_gone', 'cannot write: the file of the database was removed or replaced'],
    ['unknown', 'its last write failed'],
  ] as const)('says that its lane cannot write: %s', async (fault, message) => {
    await start();
    const trouble = new StoreUnavailable(fault);
    const lane = new Lane(
      { run: () => Promise.reject(trouble) },
      () => trouble,
      LIMITS,
      () => timers.monotonic(),
    );
    service.core.pulses.watch('lane', lane.pulse);
    const asked = lane.submit({ kind: 'upkeep', run: () => Promise.resolve() }, { aborted: false });
    await expect(asked).rejects.toBe(trouble);
    expect(await health()).toEqual({ status: 503, unhealthy: ['lane'], message });
  });

  it('says that its sweep has, when its timer never goes off', async () => {
    await start();
    const keeper = sweeping(new InMemoryTaskStore(clock));
    await timers.advance(20_000);
    expect(await health()).toEqual(well);
    timers.standStill(TOO_LONG_MS);
    expect(await health()).toEqual(without('sweep'));
    await timers.advance(1_000);
    expect(await health()).toEqual(well);
    keeper.stop();
    timers.standStill(TOO_LONG_MS);
    expect(await health()).toEqual(well);
  });

  it('says that its sweep has, when the store takes none', async () => {
    await start();
    const store = new StuckStore(clock);
    const keeper = sweeping(store);
    await timers.advance(20_000);
    store.isAway = true;
    await timers.advance(TOO_LONG_MS + 1_000);
    expect(await health()).toEqual(without('sweep'));
    store.isAway = false;
    // Workers may renew first.
    await timers.advance(5_000);
    expect(await health()).toEqual(well);
    keeper.stop();
  });

  it('says that its schedules have, when nobody looks at them', async () => {
    await start();
    const { core } = service;
    const runs = new ScheduledRuns(
      new CreateTasks(core.tasks, core.ids, core.policy, core.memory),
      core.recurrence,
    );
    const scheduler = new RunSchedules(core.schedules, runs, core.clock, timers);
    core.pulses.watch('schedules', scheduler);
    scheduler.start();
    await timers.advance(20_000);
    expect(await health()).toEqual(well);
    timers.standStill(TOO_LONG_MS);
    expect(await health()).toEqual(without('schedules'));
    scheduler.stop();
  });

  it('says that claims have, when one is not answered in its time', async () => {
    await start();
    const claim = service.as('worker').get('/api/v1/tasks/next?work_path=/srv/project&wait=5');
    await eventually(async () => (service.core.waiting.count === 1 ? true : null));
    timers.standStill(4_000);
    expect(await health()).toEqual(well);
    timers.standStill(1_000 + TOO_LONG_MS);
    expect(await health()).toEqual(without('claims'));
    await timers.advance(0);
    expect((await claim).body.data).toBeNull();
    expect(await health()).toEqual(well);
  });

  it('says that claims have, when nobody learns which task is due next', async () => {
    await start(new SecretiveStore(new FixedClock()));
    const claim = service.as('worker').get('/api/v1/tasks/next?work_path=/srv/project&wait=25');
    await eventually(async () => (service.core.waiting.count === 1 ? true : null));
    timers.standStill(TOO_LONG_MS);
    expect(await health()).toEqual(without('claims'));
    await timers.advance(25_000);
    await claim;
  });

  it('says that events have, when nobody is woken for them', async () => {
    await start();
    const reader = await EventClient.open(`${service.baseUrl}/api/v1/events`);
    await service.as('admin').createTask();
    const told = await eventually(async () => {
      timers.standStill(1_000);
      const now = await health();
      return now.status === 503 ? now : null;
    });
    expect(told).toEqual(without('events'));
    await timers.advance(0);
    expect(await health()).toEqual(well);
    await reader.until(1);
    reader.close();
  });

  function sweeping(store: InMemoryTaskStore): KeepLeases {
    const keeper = new KeepLeases(store, policy(), clock, timers);
    service.core.pulses.watch('sweep', keeper);
    keeper.start();
    return keeper;
  }
});

const LIMITS = { maxQueued: 10, maxGroup: 10, maxTasks: 10, timeoutMs: 60_000 };
