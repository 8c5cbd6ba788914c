import type { Buckets, MetricFamily } from '@task/application';
import { FixedClock } from '../../../../test/support/fixed-clock';
import { TestQueue } from '../../../../test/support/test-queue';
import { InMemoryTaskStore } from '../memory/in-memory-task-store';
import { Commits } from '../persistence/commits';
import { TaskMetrics } from './task-metrics';

describe('TaskMetrics', () => {
  let clock: FixedClock;
  let queue: TestQueue;
  let families: readonly MetricFamily[];

  beforeEach(() => {
    clock = new FixedClock();
    const commits = new Commits();
    queue = new TestQueue(new InMemoryTaskStore(clock, commits));
    families = new TaskMetrics(commits).families();
  });

  const family = (name: string): MetricFamily => {
    const found = families.find((each) => each.name === `task_orchestrator_${name}`);
    if (found === undefined) throw new Error(`no metric ${name}`);
    return found;
  };
  const counted = async (name: string): Promise<Record<string, number>> => {
    const asked = family(`${name}_total`);
    if (asked.kind === 'histogram') throw new Error(`${name} is a distribution`);
    const samples = await asked.read();
    return Object.fromEntries(samples.map(({ labels, value }) => [labels.cause ?? '', value]));
  };
  const spread = (name: string): Buckets => {
    const asked = family(name);
    const [only] = asked.kind === 'histogram' ? asked.read() : [];
    if (only === undefined) throw new Error(`${name} is no distribution`);
    return only.buckets;
  };

  it('count what was done to tasks', async () => {
    await queue.createAll([{}, {}, {}, { maxRetries: 0 }, {}]);
    await queue.complete(await queue.claimed());
    await queue.fail(await queue.claimed());
    await queue.release(await queue.claimed());
    await queue.update(await queue.claimed(), (task, now) => task.expire(now));
    await queue.cancel(await queue.claimed());
    const names = [
      'tasks_created',
      'claims',
      'completions',
      'failures',
      'releases',
      'leases_expired',
      'cancellations',
    ];
    const counts = await Promise.all(names.map((name) => counted(name)));
    expect(Object.fromEntries(names.map((name, index) => [name, counts[index]?.['']]))).toEqual({
      tasks_created: 5,
      claims: 5,
      completions: 1,
      failures: 1,
      releases: 1,
      leases_expired: 1,
      cancellations: 1,
    });
  });

  it('count why tasks went back to waiting', async () => {
    const working = async (autoRetry = false): ReturnType<TestQueue['claimed']> => {
      await queue.create({ autoRetry, timeoutSeconds: 1 });
      return queue.claimed();
    };
    await queue.fail(await working(true));
    await queue.retry(await queue.fail(await working()));
    await queue.update(await queue.claimed(), (task, now) => task.expire(now));
    await queue.update(await queue.claimed(), (task, now) => task.timeOut(POLICY, now));
    await queue.update(await working(true), (task, now) => task.timeOut(POLICY, now));
    expect(await counted('retries')).toEqual({ request: 1, failure: 1, lease_expired: 1, timeout: 1 });
    expect(await counted('timeouts')).toEqual({ '': 2 });
    expect(await counted('failures')).toEqual({ '': 2 });
  });

  it('count what was done by a holder who named no token', async () => {
    await queue.createAll([{}, {}, {}, {}]);
    await queue.complete(await queue.claimed(), null, {});
    await queue.fail(await queue.claimed(), {}, { workerId: 'worker-1' });
    const third = await queue.claimed();
    await queue.renew(third, {}, {});
    await queue.renew(third, { progress: 40 }, { workerId: 'worker-1' });
    await queue.release(third, null, {});
    const fourth = await queue.claimed();
    await queue.renew(fourth);
    await queue.renew(fourth, {}, { leaseToken: 'x' }).catch(() => null);
    await queue.complete(fourth);
    expect(await counted('holder_writes_without_token')).toEqual({ '': 5 });
  });

  it('tell how long tasks waited since they could be claimed, and how long they took', async () => {
    await queue.create();
    await queue.create({ availableAt: clock.now() + 4_000 });
    clock.advance(3_000);
    const first = await queue.claimed();
    clock.advance(2_000);
    await queue.claimed();
    await queue.complete(first);
    expect([spread('claim_wait_seconds').count, spread('claim_wait_seconds').sum]).toEqual([2, 4]);
    expect([spread('processing_seconds').count, spread('processing_seconds').sum]).toEqual([1, 2]);
  });

  it('count a task’s wait anew when it comes back', async () => {
    await queue.create();
    clock.advance(60_000);
    await queue.release(await queue.claimed());
    clock.advance(1_000);
    await queue.claimed();
    expect(spread('claim_wait_seconds').sum).toBe(61);
  });

  it('never tell less than nothing, though the clock was set back', async () => {
    await queue.create();
    clock.advance(-5_000);
    const task = await queue.claimed();
    clock.advance(-5_000);
    await queue.complete(task);
    expect([spread('claim_wait_seconds').sum, spread('processing_seconds').sum]).toEqual([0, 0]);
  });

  it('do not count what was refused', async () => {
    await queue.create();
    const task = await queue.claimed();
    await queue.complete(task, null, { leaseToken: 'x' }).catch(() => null);
    expect(await counted('completions')).toEqual({ '': 0 });
  });
});

const POLICY = { baseMs: 1, capMs: 1, random: () => 0.5 };
