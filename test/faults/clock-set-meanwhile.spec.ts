import { migrateStore, openStore, type OpenStore } from '@task/infrastructure';
import type { Lease, Task } from '@task/domain';
import { FixedClock } from '../support/fixed-clock';
import { scratchSqlite, type ScratchDatabase } from '../support/scratch-databases';
import { TestQueue } from '../support/test-queue';

const HOUR_MS = 3_600_000;
const LEASE_MS = 60_000;
const TIMEOUT_SECONDS = 600;

describe('a store on SQLite whose clock was set while nobody served', () => {
  const clock = new FixedClock();
  let scratch: ScratchDatabase;
  let store: OpenStore;
  let queue: TestQueue;
  let task: Task;

  beforeEach(async () => {
    scratch = await scratchSqlite(clock);
    await migrateStore(scratch.options);
    await open();
    await queue.create({ timeoutSeconds: TIMEOUT_SECONDS });
    task = await queue.claimed({}, { lengthMs: LEASE_MS });
    clock.advance(10_000);
  });
  afterEach(async () => {
    await store.close();
    await scratch.remove();
  });

  async function open(): Promise<void> {
    store = await openStore(scratch.options);
    queue = new TestQueue(store.tasks);
  }

  /** What its holder has after the next start. */
  async function leaseAfter(byMs: number): Promise<Lease | null> {
    await store.close();
    clock.advance(byMs);
    await open();
    return (await queue.stored(task)).state.lease;
  }

  it('back, lets no lease and no time-out last longer than it would from now on', async () => {
    const lease = await leaseAfter(-72 * HOUR_MS);
    expect(lease?.expiresAt).toBe(clock.now() + LEASE_MS);
    expect(lease?.timeoutAt).toBe(clock.now() + TIMEOUT_SECONDS * 1_000);

    clock.advance(LEASE_MS);
    expect(await queue.lapse()).toBe(1);
    expect((await queue.stored(task)).status).toBe('waiting');
  });

  it.each([0, HOUR_MS])('%d ms forward, leaves leases as they are', async (byMs) => {
    expect(await leaseAfter(byMs)).toEqual(task.state.lease);
  });
});
