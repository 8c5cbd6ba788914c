import { NOW, taskIn } from '../../../../test/support/builders';
import { blockersOf } from './blockers';

describe('blockersOf', () => {
  it('tells when a scheduled task is due', () => {
    const { state } = taskIn('waiting', { availableAt: NOW + 5_000 });
    expect(blockersOf(state)).toEqual([{ kind: 'not_due', availableAt: NOW + 5_000 }]);
  });

  it('finds none where a claim may take it', () => {
    expect(blockersOf(taskIn('waiting').state)).toEqual([]);
    expect(blockersOf(taskIn('waiting', { availableAt: NOW }).state)).toEqual([]);
    const due = taskIn('waiting', { availableAt: NOW + 1 }).becomeDue(NOW + 1);
    expect(blockersOf(due.state)).toEqual([]);
  });

  it.each(['working', 'completed', 'failed', 'cancelled'] as const)(
    'finds none for a task that is %s, and does not wait',
    (status) => {
      expect(blockersOf(taskIn(status, { availableAt: NOW }).state)).toEqual([]);
    },
  );

  it('finds none where nothing says when', () => {
    const { state } = taskIn('waiting');
    expect(blockersOf({ ...state, gate: 'scheduled', availableAt: null })).toEqual([]);
    expect(blockersOf({ ...state, gate: 'held', availableAt: NOW + 1 })).toEqual([]);
  });
});
