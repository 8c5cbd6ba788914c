import { ManualTimers } from '../../../../test/support/manual-timers';
import { ToldMemory } from '../../../../test/support/told-memory';
import { MemoryGuard } from './memory-guard';

describe('MemoryGuard', () => {
  let memory: ToldMemory;
  let timers: ManualTimers;
  let rules: { maxMemoryShare: number };
  let guard: MemoryGuard;

  beforeEach(() => {
    memory = new ToldMemory();
    timers = new ManualTimers();
    rules = { maxMemoryShare: 0.8 };
    guard = new MemoryGuard(memory, rules, timers);
  });

  const fill = async (share: number): Promise<void> => {
    memory.fill(share);
    await timers.advance(200);
  };
  const letsIn = (): boolean => {
    try {
      guard.admit();
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'queue.overloaded' });
      return false;
    }
  };

  it('lets in while memory is below the share, and refuses from there on', async () => {
    await fill(0.79);
    expect(letsIn()).toBe(true);
    await fill(0.8);
    expect(letsIn()).toBe(false);
  });

  it('lets in again by itself, but not as soon as it is just below', async () => {
    await fill(0.9);
    expect(letsIn()).toBe(false);
    await fill(0.73);
    expect(letsIn()).toBe(false);
    await fill(0.71);
    expect(letsIn()).toBe(true);
    await fill(0.79);
    expect(letsIn()).toBe(true);
  });

  it('goes by the bound that is fullest', () => {
    memory.readings = [
      { of: 'heap', usedBytes: 10, limitBytes: 100 },
      { of: 'container', usedBytes: 81, limitBytes: 100 },
    ];
    expect(letsIn()).toBe(false);
    expect(guard.state).toMatchObject({ share: 0.81, isShort: true });
  });

  it('lets everything in where nothing bounds memory', () => {
    expect(letsIn()).toBe(true);
    expect(guard.state).toEqual({ readings: [], share: 0, isShort: false });
  });

  it('goes by the share that holds now, and refuses nothing at 1', async () => {
    await fill(0.9);
    expect(letsIn()).toBe(false);
    rules.maxMemoryShare = 1;
    await fill(1.2);
    expect(letsIn()).toBe(true);
  });

  it('does not look again for every request', async () => {
    expect(letsIn()).toBe(true);
    memory.fill(0.99);
    await timers.advance(199);
    expect(letsIn()).toBe(true);
    await timers.advance(1);
    expect(letsIn()).toBe(false);
  });

  it('frees what nobody needs any more, now and then while memory is short', async () => {
    await fill(0.7);
    for (let second = 0; second < 60; second += 1) {
      await timers.advance(1000);
      letsIn();
    }
    expect(memory.reclaimed).toBe(0);
    memory.onReclaim = () => {
      if (memory.reclaimed === 2) memory.fill(0.5);
    };
    await fill(0.9);
    const refused: number[] = [];
    for (let second = 0; second < 60; second += 1) {
      if (!letsIn()) refused.push(second);
      await timers.advance(1000);
    }
    expect(memory.reclaimed).toBe(2);
    expect(refused.at(-1)).toBe(19);
  });

  it('counts whom it refused', async () => {
    await fill(0.5);
    letsIn();
    await fill(0.95);
    letsIn();
    letsIn();
    expect(guard.refused).toBe(2);
  });
});
