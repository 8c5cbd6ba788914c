import { SharedLevels, StoreUnavailable, type ChangeLevels } from '@task/application';
import { InMemoryLevels } from '@task/infrastructure';
import { FixedClock } from '../../../../test/support/fixed-clock';
import { MINUTE_MS, type BucketSizes } from './allowance';
import { DrawnAllowance } from './drawn-allowance';

/** Instances that limit one caller together, on one clock. */
class Instances extends SharedLevels {
  override instances = 4;
  isAway = false;
  draws = 0;
  readonly clock = new FixedClock();
  private readonly levels = new InMemoryLevels(this.clock);
  private readonly begun = this.clock.now();
  readonly callers = Array.from({ length: 4 }, () => new DrawnAllowance('caller', this, 0, MINUTE_MS));

  constructor(private readonly sizes: BucketSizes) {
    super();
  }

  override async change<T>(name: string, change: ChangeLevels<T>): Promise<T> {
    if (this.isAway) throw new StoreUnavailable('unreachable');
    this.draws += 1;
    return this.levels.change(name, change);
  }

  caller(index: number): DrawnAllowance {
    const caller = this.callers[index % this.callers.length];
    if (caller === undefined) throw new Error('there are four');
    caller.refill(this.sizes, this.clock.now() - this.begun);
    return caller;
  }

  /** One request at one of them. @returns whether it is let through */
  async ask(index: number): Promise<boolean> {
    const caller = this.caller(index);
    for (let draw = caller.prepare(); draw !== null; draw = caller.prepare()) await draw;
    return caller.take();
  }

  /** Requests at all of them in turn. @returns how many were let through */
  async flood(requests: number): Promise<number> {
    let passed = 0;
    for (let request = 0; request < requests; request += 1) passed += Number(await this.ask(request));
    return passed;
  }
}

const LIMITS = { requestsPerMinute: 1_000, burstSize: 0 };

describe('a limit that several instances hold together', () => {
  it('is the limit, however a caller spreads its requests', async () => {
    expect(await new Instances(LIMITS).flood(4_000)).toBe(1_000);
  });

  it('is the limit where a caller keeps to one of them, but for the lots that others had drawn', async () => {
    const instances = new Instances(LIMITS);
    await instances.flood(4);
    let passed = 4;
    for (let request = 0; request < 2_000; request += 1) passed += Number(await instances.ask(0));
    expect(passed).toBeGreaterThanOrEqual(950);
    expect(passed).toBeLessThanOrEqual(1_000);
  });

  it('comes back with time, and no quicker than it would on one', async () => {
    const instances = new Instances(LIMITS);
    let passed = await instances.flood(2_000);
    for (let second = 0; second < 30; second += 1) {
      instances.clock.advance(1_000);
      passed += await instances.flood(100);
    }
    expect(passed).toBeGreaterThanOrEqual(1_500 * 0.95);
    expect(passed).toBeLessThanOrEqual(1_500 * 1.05);
  });

  it('is one of bursts too', async () => {
    const instances = new Instances({ requestsPerMinute: 0, burstSize: 100 });
    const passed = [await instances.flood(400)];
    for (let second = 0; second < 5; second += 1) {
      instances.clock.advance(1_000);
      passed.push(await instances.flood(400));
    }
    expect(passed).toEqual([100, 100, 100, 100, 100, 100]);
  });

  it('lets as many through at once as are asked at once', async () => {
    const instances = new Instances(LIMITS);
    const answers = await Promise.all(Array.from({ length: 300 }, (_, index) => instances.ask(index)));
    expect(answers.filter(Boolean)).toHaveLength(300);
    const rest = await Promise.all(Array.from({ length: 1_000 }, (_, index) => instances.ask(index)));
    expect(rest.filter(Boolean)).toHaveLength(700);
  });

  it('asks the database once for a lot, and not at all for what is known to be refused', async () => {
    const instances = new Instances(LIMITS);
    await instances.flood(1_000);
    expect(instances.draws).toBeLessThanOrEqual(104);
    const { draws } = instances;
    expect(await instances.flood(5_000)).toBe(0);
    expect(instances.draws - draws).toBeLessThanOrEqual(4);
  });

  it('holds small ones exactly', async () => {
    expect(await new Instances({ requestsPerMinute: 3, burstSize: 0 }).flood(40)).toBe(3);
  });

  it('does not spend later what was drawn earlier', async () => {
    const instances = new Instances({ requestsPerMinute: 0, burstSize: 100 });
    await instances.flood(4);
    instances.clock.advance(5_000);
    expect(await instances.flood(400)).toBe(100);
  });

  it('is an equal share of it while the database is away, and the whole again when it is back', async () => {
    const instances = new Instances(LIMITS);
    instances.isAway = true;
    expect(await instances.flood(4_000)).toBe(1_000);
    let atOne = 0;
    instances.clock.advance(MINUTE_MS);
    for (let request = 0; request < 1_000; request += 1) atOne += Number(await instances.ask(0));
    expect(atOne).toBe(250);
    instances.isAway = false;
    instances.clock.advance(MINUTE_MS);
    expect(await instances.flood(4_000)).toBe(1_000);
  });

  it('takes a request back that was another’s', async () => {
    const instances = new Instances({ requestsPerMinute: 1, burstSize: 0 });
    expect([await instances.ask(0), await instances.ask(0)]).toEqual([true, false]);
    instances.caller(0).putBack();
    expect([await instances.ask(0), await instances.ask(0)]).toEqual([true, false]);
  });

  it('tells what is left of all of it', async () => {
    const instances = new Instances(LIMITS);
    await instances.flood(400);
    const { limit, remaining, fullInMs } = instances.caller(0);
    expect(limit).toBe(1_000);
    expect(Math.abs(remaining - 600)).toBeLessThanOrEqual(50);
    expect(fullInMs).toBeGreaterThan(20_000);
    await instances.flood(4_000);
    expect([instances.caller(0).remaining, instances.caller(0).retryAfterSeconds]).toEqual([0, 1]);
  });

  it('is none where nothing is limited, and costs nothing', async () => {
    const instances = new Instances({ requestsPerMinute: 0, burstSize: 0 });
    expect([await instances.flood(500), instances.draws]).toEqual([500, 0]);
  });

  it('loses its patience with refusals here', () => {
    const caller = new Instances({ requestsPerMinute: 4, burstSize: 0 }).caller(0);
    caller.tryPatience();
    expect(caller.isPatient).toBe(false);
  });

  it('does not hide a mistake', async () => {
    const instances = new Instances(LIMITS);
    jest.spyOn(instances, 'change').mockRejectedValue(new Error('a mistake'));
    await expect(instances.ask(0)).rejects.toThrow('a mistake');
  });
});
