import { NOW, taskIn } from '../../../../test/support/builders';
import { blockersOf } from './blockers';

describe('blockersOf', () => {
  it('tells when a scheduled task is due', () => {
    const { state } = taskIn('waiting', { availableAt: NOW + 5_000 });
    expect(blockersOf(state, NOW)).toEqual([{ kind: 'not_due', availableAt: NOW + 5_000 }]);
  });

  it('finds none where a claim may take it', () => {
    expect(blockersOf(taskIn('waiting').state, NOW)).toEqual([]);
    expect(blockersOf(taskIn('waiting', { availableAt: NOW }).state, NOW)).toEqual([]);
    const due = taskIn('waiting', { availableAt: NOW + 1 }).becomeDue(NOW + 1);
    expect(blockersOf(due.state, NOW)).toEqual([]);
  });

  it('finds none once its time has come, though nothing has made it ready yet', () => {
    const { state } = taskIn('waiting', { availableAt: NOW + 5_000 });
    expect(state.gate).toBe('scheduled');
    expect(blockersOf(state, NOW + 4_999)).toHaveLength(1);
    expect(blockersOf(state, NOW + 5_000)).toEqual([]);
  });

  it.each(['working', 'completed', 'failed', 'cancelled'] as const)(
    'finds none for a task that is %s, and does not wait',
    (status) => {
      expect(blockersOf(taskIn(status, { availableAt: NOW }).state, NOW)).toEqual([]);
    },
  );

  it('finds none where nothing says when', () => {
    const { state } = taskIn('waiting');
    expect(blockersOf({ ...state, gate: 'scheduled', availableAt: null }, NOW)).toEqual([]);
  });

  it('tells how many dependencies are left, and the time that comes on top', () => {
    const { state } = taskIn('waiting');
    const blocked = { ...state, gate: 'blocked' as const, needs: { pending: 2, onFailure: 'wait' as const } };
    expect(blockersOf(blocked, NOW)).toEqual([{ kind: 'dependencies', pending: 2 }]);
    expect(blockersOf({ ...blocked, availableAt: NOW + 1 }, NOW)).toEqual([
      { kind: 'dependencies', pending: 2 },
      { kind: 'not_due', availableAt: NOW + 1 },
    ]);
    expect(blockersOf({ ...blocked, availableAt: NOW }, NOW)).toEqual([{ kind: 'dependencies', pending: 2 }]);
  });

  it('tells the key that has no slot', () => {
    const { state } = taskIn('waiting', { concurrencyKey: 'db' });
    expect(blockersOf(state, NOW)).toEqual([{ kind: 'concurrency_key', key: 'db' }]);
    expect(blockersOf({ ...state, gate: 'ready' }, NOW)).toEqual([]);
  });
});
