import { MOVES } from '../../../../test/support/transition-table';
import { isFinal, isTransition, TASK_COMMANDS, TASK_STATUSES, TRANSITIONS } from './task-status';

describe('the transition table', () => {
  it('has the moves of the contract, and no others', () => {
    const all = TASK_STATUSES.flatMap((from) =>
      TASK_COMMANDS.flatMap((command) => TASK_STATUSES.map((to) => ({ from, command, to }))),
    );
    const allowed = all.filter(({ from, command, to }) => isTransition(from, command, to));
    const byText = (moves: readonly object[]): string[] => moves.map((move) => JSON.stringify(move)).sort();
    expect(byText(allowed)).toEqual(byText(MOVES));
  });

  it('lets a creation begin with waiting, and nothing else begin', () => {
    const begun = TASK_COMMANDS.flatMap((command) =>
      TASK_STATUSES.filter((to) => isTransition(null, command, to)).map((to) => `${command} ${to}`),
    );
    expect(begun).toEqual(['create waiting']);
  });

  it('reaches every status', () => {
    const reached = new Set(Object.values(TRANSITIONS).flatMap((moves) => Object.values(moves).flat()));
    expect([...reached].sort()).toEqual([...TASK_STATUSES].sort());
  });

  it('ends with completed and cancelled', () => {
    expect(TASK_STATUSES.filter(isFinal)).toEqual(['completed', 'cancelled']);
  });
});
