import { estimatedCompletion, type Pace } from './estimated-completion';

const NOW = 1_000_000;
const PACE: Pace = { meanMs: 10_000, workersAlive: 4 };
const WAITING = { status: 'waiting', startedAt: null, availableAt: null } as const;

describe('the estimated completion', () => {
  it.each([
    [1, 10_000],
    [4, 10_000],
    [5, 20_000],
    [401, 1_010_000],
  ])('of the task at place %i comes after the rounds in front of it', (place, afterMs) => {
    expect(estimatedCompletion(WAITING, place, PACE, NOW)).toBe(NOW + afterMs);
  });

  it('of a scheduled task counts from when it is due', () => {
    const scheduled = { ...WAITING, availableAt: NOW + 60_000 };
    expect(estimatedCompletion(scheduled, 0, PACE, NOW)).toBe(NOW + 70_000);
  });

  it('of a task that was due long ago counts from now', () => {
    expect(estimatedCompletion({ ...WAITING, availableAt: 1 }, 1, PACE, NOW)).toBe(NOW + 10_000);
  });

  it('of a task that is worked on counts from its claim, however many workers there are', () => {
    const working = { status: 'working', startedAt: NOW - 4_000, availableAt: null } as const;
    expect(estimatedCompletion(working, 0, { ...PACE, workersAlive: 0 }, NOW)).toBe(NOW + 6_000);
  });

  it('of a task that takes longer than usual is now', () => {
    const working = { status: 'working', startedAt: NOW - 40_000, availableAt: null } as const;
    expect(estimatedCompletion(working, 0, PACE, NOW)).toBe(NOW);
  });

  it('is unknown before the first task of its type was completed', () => {
    expect(estimatedCompletion(WAITING, 1, { meanMs: null, workersAlive: 4 }, NOW)).toBeNull();
  });

  it('is unknown while nobody is there to work', () => {
    expect(estimatedCompletion(WAITING, 1, { meanMs: 10, workersAlive: 0 }, NOW)).toBeNull();
  });

  it.each(['completed', 'failed', 'cancelled'] as const)('does not concern a task that is %s', (status) => {
    expect(estimatedCompletion({ ...WAITING, status, startedAt: 1 }, 0, PACE, NOW)).toBeNull();
  });
});
