import { taskIn } from '../../../../test/support/builders';
import {
  COMMANDS,
  LATER,
  outcomeOf,
  type Command,
  type Outcome,
} from '../../../../test/support/task-commands';
import { TASK_STATUSES, type TaskStatus } from './task-status';

const NOT_WORKING = 'task.not_working';
const ALREADY_FINAL = 'task.already_final';
const NOT_WAITING = 'task.not_waiting';

/** Where each command takes a task that does not retry itself and has retries left, or why it is refused. */
const TABLE: Readonly<Record<TaskStatus, Readonly<Record<Command, Outcome>>>> = {
  waiting: {
    ...{
      claim: 'working',
      complete: NOT_WORKING,
      fail: NOT_WORKING,
      release: NOT_WORKING,
      cancel: 'cancelled',
    },
    ...{ expire: NOT_WORKING, time_out: NOT_WORKING, retry: 'task.not_failed', renew: NOT_WORKING },
  },
  working: {
    ...{ claim: NOT_WAITING, complete: 'completed', fail: 'failed', release: 'waiting', cancel: 'cancelled' },
    ...{ expire: 'waiting', time_out: 'failed', retry: 'task.not_failed', renew: 'working' },
  },
  completed: {
    ...{ claim: NOT_WAITING, complete: ALREADY_FINAL, fail: ALREADY_FINAL, release: ALREADY_FINAL },
    ...{ cancel: ALREADY_FINAL, expire: NOT_WORKING, time_out: NOT_WORKING },
    ...{ retry: ALREADY_FINAL, renew: ALREADY_FINAL },
  },
  failed: {
    ...{
      claim: NOT_WAITING,
      complete: NOT_WORKING,
      fail: NOT_WORKING,
      release: NOT_WORKING,
      cancel: 'cancelled',
    },
    ...{ expire: NOT_WORKING, time_out: NOT_WORKING, retry: 'waiting', renew: NOT_WORKING },
  },
  cancelled: {
    ...{ claim: NOT_WAITING, complete: 'task.cancelled', fail: 'task.cancelled', release: 'task.cancelled' },
    ...{ cancel: ALREADY_FINAL, expire: NOT_WORKING, time_out: NOT_WORKING },
    ...{ retry: ALREADY_FINAL, renew: 'task.cancelled' },
  },
};

const CASES = TASK_STATUSES.flatMap((status) =>
  (Object.keys(COMMANDS) as Command[]).map((command) => [status, command, TABLE[status][command]] as const),
);

describe('Task', () => {
  describe('the state machine', () => {
    it.each(CASES)('%s, %s: %s', (status, command, outcome) => {
      const task = taskIn(status);
      const before = structuredClone(task.state);
      expect(outcomeOf(() => COMMANDS[command](task))).toBe(outcome);
      expect(structuredClone(task.state)).toEqual(before);
    });

    it.each(CASES.filter(([, command, outcome]) => command !== 'renew' && !outcome.includes('.')))(
      'from %s, %s is one more version and one row of the history, to %s',
      (status, command, to) => {
        const { task, effects } = COMMANDS[command](taskIn(status));
        const { version, attempt } = { version: taskIn(status).state.version + 1, attempt: task.attempt };
        expect(task.state).toMatchObject({ version, updatedAt: LATER });
        expect(effects).toEqual([
          expect.objectContaining({ command, from: status, to, version, attempt, at: LATER }),
        ]);
      },
    );
  });
});
