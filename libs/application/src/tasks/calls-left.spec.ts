import { taskIn } from '../../../../test/support/builders';
import { readyTasks } from '../../../../test/support/manual-commits';
import { callsLeft } from './calls-left';

describe('callsLeft', () => {
  it('is nothing when all was taken', () => {
    expect(callsLeft([readyTasks({ count: 2 })], [taskIn('working'), taskIn('working')])).toEqual([]);
    expect(callsLeft([], [taskIn('working')])).toEqual([]);
  });

  it('is everything when nothing was taken', () => {
    expect(callsLeft([readyTasks({ count: 2 })], [])).toEqual([readyTasks({ count: 2 })]);
  });

  it('counts each task that was taken once, however many calls it answers', () => {
    const calls = [readyTasks(), readyTasks(), readyTasks({ count: 3 })];
    expect(callsLeft(calls, [taskIn('working'), taskIn('working'), taskIn('working')])).toEqual([
      readyTasks({ count: 2 }),
    ]);
  });

  it.each([
    { taskType: 'build' },
    { kbId: 'kb-1' },
    { directory: null },
    { directory: '/srv/project/below' },
  ])('takes %j for work of another kind', (other) => {
    expect(callsLeft([readyTasks(other)], [taskIn('working')])).toEqual([readyTasks(other)]);
  });

  it('takes another spelling of a directory for the same, and none for none', () => {
    const spelled = taskIn('working', { workDirectory: '/srv//x/../project/' });
    expect(callsLeft([readyTasks()], [spelled])).toEqual([]);
    expect(
      callsLeft([readyTasks({ directory: null })], [taskIn('working', { workDirectory: null })]),
    ).toEqual([]);
  });
});
