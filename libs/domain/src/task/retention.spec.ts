import { NOW, taskIn } from '../../../../test/support/builders';
import { Retention } from './retention';
import { TASK_STATUSES } from './task-status';

const DAY_MS = 86_400_000;
const aDay = new Retention(DAY_MS);

describe('Retention', () => {
  it('is over for what ended so long ago, and for nothing else', () => {
    const over = TASK_STATUSES.filter((status) => aDay.isOver(taskIn(status).state, NOW + DAY_MS));
    expect(over).toEqual(['completed', 'failed', 'cancelled']);
  });

  it('is over to the millisecond, counted from the end', () => {
    const { state } = taskIn('completed');
    expect(aDay.isOver(state, NOW + DAY_MS - 1)).toBe(false);
    expect(aDay.isOver(state, NOW + DAY_MS)).toBe(true);
    expect(aDay.cutoff(NOW + DAY_MS)).toBe(NOW);
  });
});
