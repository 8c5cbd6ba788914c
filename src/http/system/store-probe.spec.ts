import { InMemoryTaskStore } from '@task/infrastructure';
import { FixedClock } from '../../../test/support/fixed-clock';
import { StoreProbe } from './store-probe';

class SilentStore extends InMemoryTaskStore {
  override ping(): Promise<void> {
    return new Promise(() => undefined);
  }
}

describe('StoreProbe', () => {
  afterEach(() => jest.useRealTimers());

  it('asks for the time and the counts', async () => {
    const answer = await new StoreProbe(new InMemoryTaskStore(new FixedClock())).ask();
    expect(answer.responseTimeMs).toBeGreaterThanOrEqual(0);
    expect(answer.counts).toMatchObject({ waiting: 0, working: 0 });
  });

  it('does not wait for a store that gives no answer', async () => {
    jest.useFakeTimers();
    const asked = new StoreProbe(new SilentStore(new FixedClock())).ask();
    await jest.advanceTimersByTimeAsync(3_000);
    expect(await asked).toMatchObject({ counts: null });
  });
});
