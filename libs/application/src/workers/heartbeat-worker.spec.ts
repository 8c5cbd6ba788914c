import { Task } from '@task/domain';
import { ACTOR, CALL, draft, NOW, policy, taskIn, TASK_ID, terms } from '../../../../test/support/builders';
import { uuid } from '../../../../test/support/counted-ids';
import { KeepingStore } from '../../../../test/support/keeping-store';
import { KnownWorkers } from '../../../../test/support/known-workers';
import { HeartbeatWorker } from './heartbeat-worker';

/** Counts how many updates run at once. */
class CountingStore extends KeepingStore {
  mostAtOnce = 0;
  private running = 0;

  override async update(...asked: Parameters<KeepingStore['update']>): Promise<Task> {
    this.running += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.running);
    await Promise.resolve();
    return super.update(...asked).finally(() => (this.running -= 1));
  }
}

/** Remembers of each decision whether it stood on a name alone. */
class TellingStore extends KeepingStore {
  readonly unproven: boolean[] = [];

  override update(
    ...[id, decide, ...more]: Parameters<KeepingStore['update']>
  ): ReturnType<KeepingStore['update']> {
    const telling: typeof decide = (task, now) => {
      const decision = decide(task, now);
      this.unproven.push(decision.isUnproven ?? false);
      return decision;
    };
    return super.update(id, telling, ...more);
  }
}

const held = (id: string, workerId = 'worker-1'): Task =>
  Task.create(draft(), id, ACTOR, NOW - 30_000).task.claim(terms({ workerId }), ACTOR, NOW - 30_000).task;

const beat = (
  tasks: readonly Task[],
  rules: Parameters<typeof policy>[0] = {},
  workers = new KnownWorkers(
    [],
    tasks.map(({ id }) => id),
  ),
  store = new KeepingStore(tasks),
): ReturnType<HeartbeatWorker['execute']> =>
  new HeartbeatWorker(workers, store, policy(rules)).execute({ workerId: 'worker-1' }, CALL);

describe('HeartbeatWorker', () => {
  it('takes down that the worker lives, whatever it holds', async () => {
    const workers = new KnownWorkers();
    expect(await beat([], {}, workers)).toEqual([]);
    expect(workers.seen).toEqual(['worker-1']);
  });

  it('renews the leases of all that it holds', async () => {
    const tasks = await beat([held(uuid(1)), held(uuid(2))]);
    expect(tasks.map(({ id, state }) => [id, state.lease?.expiresAt])).toEqual([
      [uuid(1), NOW + 60_000],
      [uuid(2), NOW + 60_000],
    ]);
  });

  it('renews in steps, between which others get a turn, whatever it holds', async () => {
    const tasks = Array.from({ length: 450 }, (_, index) => held(uuid(index + 1)));
    const store = new CountingStore(tasks);
    expect(await beat(tasks, {}, undefined, store)).toHaveLength(450);
    expect(store.mostAtOnce).toBe(200);
  });

  it('leaves out what was taken from it meanwhile', async () => {
    const tasks = [held(uuid(1), 'worker-2'), taskIn('cancelled'), held(uuid(2))];
    expect((await beat(tasks)).map(({ id }) => id)).toEqual([uuid(2)]);
  });

  it('renews only what it has tokens of where the operator asks for them', async () => {
    const tasks = [held(TASK_ID), held(uuid(2), 'worker-2')];
    const workers = new KnownWorkers(
      [],
      tasks.map(({ id }) => id),
    );
    const useCase = new HeartbeatWorker(
      workers,
      new KeepingStore(tasks),
      policy({ requireLeaseToken: true }),
    );
    const expiries = async (leaseTokens: readonly string[]): Promise<unknown[]> =>
      (await useCase.execute({ workerId: 'worker-1', leaseTokens }, CALL)).map(
        ({ state }) => state.lease?.expiresAt,
      );
    expect(await expiries([])).toEqual([NOW + 30_000]);
    expect(await expiries(['forged'])).toEqual([NOW + 30_000]);
    expect(await expiries(['token-1'])).toEqual([NOW + 60_000]);
  });

  it('says of what it renews whether its token was named', async () => {
    const tasks = [held(TASK_ID)];
    const store = new TellingStore(tasks);
    const useCase = new HeartbeatWorker(new KnownWorkers([], [TASK_ID]), store, policy());
    await useCase.execute({ workerId: 'worker-1' }, CALL);
    await useCase.execute({ workerId: 'worker-1', leaseTokens: ['token-1'] }, CALL);
    expect(store.unproven).toEqual([true, false]);
  });

  it('does not hide that the store is away', async () => {
    const store = new KeepingStore([held(TASK_ID)]);
    store.isAway = true;
    await expect(beat([held(TASK_ID)], {}, undefined, store)).rejects.toMatchObject({ fault: 'unreachable' });
  });
});
