import { NOW } from '../builders';
import { checkDrain } from './check-order';
import type { ObservedTransition } from './observed';
import { kindsIn, soundRun, withTransitions, type Run } from './planted-run';

describe('check', () => {
  let sound: Run;
  beforeEach(async () => {
    sound = await soundRun();
  });

  describe('what the store tells of itself', () => {
    it('finds an operation that overtook one that had ended before it began', () => {
      const swapped: Readonly<Record<number, number>> = { 1: 2, 2: 1 };
      const planted = withTransitions(sound, (row) => [
        { ...row, eventId: swapped[row.eventId] ?? row.eventId },
      ]);
      expect(kindsIn(planted)).toEqual(['overtaken']);
    });
  });
});

describe('checkDrain', () => {
  const row = { version: 1, workerId: null, at: NOW } as const;
  const created = (taskId: string, eventId: number): ObservedTransition => ({
    ...row,
    ...{ taskId, eventId, command: 'create', from: null, to: 'waiting', attempt: 0 },
  });
  const claim = (taskId: string, eventId: number): ObservedTransition => ({
    ...row,
    ...{ taskId, eventId, command: 'claim', from: 'waiting', to: 'working', attempt: 1 },
  });
  const arrivals = [created('a', 1), created('b', 2), created('c', 3)];
  const priorities = new Map([
    ['a', 5],
    ['b', 8],
    ['c', 5],
  ]);

  it('finds nothing where claims went by priority, then arrival', () => {
    const transitions = [...arrivals, claim('b', 4), claim('a', 5), claim('c', 6)];
    expect(checkDrain({ transitions }, priorities)).toEqual([]);
  });

  it.each([
    ['an urgent one', ['a', 'b', 'c']],
    ['an older one', ['b', 'c', 'a']],
  ])('finds a claim that passed over %s', (_, order) => {
    const transitions = [...arrivals, ...order.map((taskId, index) => claim(taskId, 4 + index))];
    expect(checkDrain({ transitions }, priorities)).toHaveLength(2);
  });

  it('leaves later attempts alone', () => {
    const transitions = [...arrivals, claim('b', 4), { ...claim('b', 5), attempt: 2 }, claim('a', 6)];
    expect(checkDrain({ transitions }, priorities)).toEqual([]);
  });
});
