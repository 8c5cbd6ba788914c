import { Pulses, STOPPED_AFTER_MS } from './pulses';

const pulse = (
  behindMs: number,
  lastTurnMs: number | null = 3,
): { behindMs: number; lastTurnMs: number | null } => ({
  behindMs,
  lastTurnMs,
});

describe('Pulses', () => {
  it('tell of nothing that is not watched', () => {
    expect(new Pulses().readings()).toEqual([]);
  });

  it('tell of each part how it goes on, always in the same order', () => {
    const pulses = new Pulses();
    pulses.watch('events', pulse(0, null));
    pulses.watch('lane', pulse(20));
    expect(pulses.readings()).toEqual([
      { part: 'lane', behindMs: 20, lastTurnMs: 3, hasStopped: false, trouble: null },
      { part: 'events', behindMs: 0, lastTurnMs: null, hasStopped: false, trouble: null },
    ]);
  });

  it('take what is late for slow at first, and then for stopped', () => {
    const pulses = new Pulses();
    pulses.watch('sweep', pulse(STOPPED_AFTER_MS));
    pulses.watch('claims', pulse(STOPPED_AFTER_MS + 1));
    expect(pulses.readings().map(({ part, hasStopped }) => [part, hasStopped])).toEqual([
      ['sweep', false],
      ['claims', true],
    ]);
  });

  it('look anew each time', () => {
    const pulses = new Pulses();
    const changing = { behindMs: 0, lastTurnMs: null };
    pulses.watch('lane', changing);
    changing.behindMs = 99_999;
    expect(pulses.readings()[0]?.hasStopped).toBe(true);
  });
});
