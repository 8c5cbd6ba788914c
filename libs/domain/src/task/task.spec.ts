import { ACTOR, draft, failure, NOW, RETRY, TASK_ID, taskIn, terms } from '../../../../test/support/builders';
import type { ErrorCode } from '../domain-error';
import { JsonDocument } from './json-document';
import { Task, type Decision } from './task';
import type { TaskDraft } from './task-state';
import { TASK_STATUSES, type TaskCommand, type TaskStatus } from './task-status';
import { InvalidTask, RetriesExhausted } from './task.errors';

const LATER = NOW + 5_000;
const RESULT = JsonDocument.of({ ok: true });

type Command = Exclude<TaskCommand, 'create'> | 'renew';

/** Each command as somebody without any proof gives it; a cancellation is forced. */
const COMMANDS: Readonly<Record<Command, (task: Task) => Decision>> = {
  claim: (task) => task.claim(terms({ token: 'token-2' }), ACTOR, LATER),
  complete: (task) => task.complete(RESULT, {}, ACTOR, LATER),
  fail: (task) => task.fail(failure(), {}, RETRY, ACTOR, LATER),
  release: (task) => task.release('wrong machine', {}, ACTOR, LATER),
  cancel: (task) => task.cancel('not needed', true, ACTOR, LATER),
  expire: (task) => task.expire(LATER),
  time_out: (task) => task.timeOut(RETRY, LATER),
  retry: (task) => task.retry(ACTOR, LATER),
  renew: (task) => task.renew({}, {}, LATER),
};

type Outcome = TaskStatus | ErrorCode;

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

function outcomeOf(decide: () => Decision): Outcome {
  try {
    return decide().task.status;
  } catch (error) {
    return (error as { code: ErrorCode }).code;
  }
}

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

  describe('created', () => {
    it('waits, and has nothing behind it', () => {
      const { task, effects } = Task.create(draft(), TASK_ID, ACTOR, NOW);
      expect(task.state).toEqual({
        ...draft(),
        ...{
          id: TASK_ID,
          status: 'waiting',
          gate: 'ready',
          needs: null,
          isAwaited: false,
          version: 1,
          lease: null,
        },
        ...{ retryCount: 0, lastRetryAt: null, result: null, errorMessage: null, cancelReason: null },
        ...{ createdAt: NOW, updatedAt: NOW, startedAt: null, completedAt: null, cancelledAt: null },
        ...{ createdBy: ACTOR, updatedBy: ACTOR },
      });
      expect(task.attempt).toBe(0);
      expect(effects).toEqual([
        {
          ...{ kind: 'transition', command: 'create', from: null, to: 'waiting', version: 1 },
          ...{ attempt: 0, workerId: null, at: NOW, details: null },
        },
      ]);
    });

    it.each([
      [null, 'ready'],
      [NOW, 'ready'],
      [NOW + 1, 'scheduled'],
    ])('for %p is %s', (availableAt, gate) => {
      expect(taskIn('waiting', { availableAt }).state.gate).toBe(gate);
    });

    it('tells every field that breaks its rule', () => {
      const wrong: Partial<TaskDraft> = {
        ...{ taskType: 'A', workDirectory: 'a', kbId: '', prompt: '', priority: 0 },
        ...{ tags: ['', 'ok'], timeoutSeconds: 0, maxRetries: 101 },
      };
      const create = (): unknown => Task.create(draft(wrong), TASK_ID, ACTOR, NOW);
      expect(create).toThrow(InvalidTask);
      const fields = ['taskType', 'workDirectory', 'kbId', 'prompt', 'priority', 'tags[0]', 'timeoutSeconds'];
      expect(create).toThrow(
        expect.objectContaining({
          violations: [...fields, 'maxRetries'].map((field) => expect.objectContaining({ field })),
        }),
      );
    });
  });

  describe('claimed', () => {
    it('is held by its worker from now on', () => {
      const { task, effects } = taskIn('waiting', { timeoutSeconds: 60 }).claim(terms(), ACTOR, LATER);
      expect(task.state).toMatchObject({ gate: null, startedAt: LATER, updatedBy: 'worker-1' });
      expect(task.state.lease).toMatchObject({
        ...{ attempt: 1, token: 'token-1', workerId: 'worker-1', endedBy: null },
        ...{ claimedAt: LATER, expiresAt: LATER + 60_000, timeoutAt: LATER + 60_000 },
      });
      expect(effects[0]).toMatchObject({ attempt: 1, workerId: 'worker-1', details: null });
    });

    it('without a name is changed by the caller’s key', () => {
      const { task, effects } = taskIn('waiting').claim(terms({ workerId: null }), ACTOR, LATER);
      expect(task.state.updatedBy).toBe(ACTOR);
      expect(effects[0]).toMatchObject({ workerId: null });
    });

    it('is the next attempt each time', () => {
      const again = COMMANDS.claim(COMMANDS.retry(taskIn('failed')).task).task;
      expect(again.attempt).toBe(2);
      expect(again.state.lease).toMatchObject({ token: 'token-2', endedBy: null, progress: 0 });
    });

    it('is not before its time', () => {
      const scheduled = taskIn('waiting', { availableAt: LATER });
      expect(outcomeOf(() => scheduled.claim(terms(), ACTOR, NOW))).toBe(NOT_WAITING);
      expect(outcomeOf(() => scheduled.becomeDue(LATER).claim(terms(), ACTOR, LATER))).toBe('working');
    });
  });

  describe('coming due', () => {
    it('opens the gate at its time and not before, without a transition', () => {
      const scheduled = taskIn('waiting', { availableAt: LATER });
      expect(scheduled.becomeDue(LATER - 1).state).toEqual(scheduled.state);
      expect(scheduled.becomeDue(LATER).state).toEqual({ ...scheduled.state, gate: 'ready' });
    });

    it.each(TASK_STATUSES)('opens nothing for a task that is %s and not scheduled', (status) => {
      const task = taskIn(status);
      expect(task.becomeDue(LATER).state).toEqual(task.state);
    });
  });

  describe('completed', () => {
    it('has its result, and no error of an earlier attempt', () => {
      const second = COMMANDS.claim(COMMANDS.retry(taskIn('failed')).task).task;
      expect(second.state.errorMessage).toBe('out of memory');
      const { task, effects } = second.complete(RESULT, {}, ACTOR, LATER);
      expect(task.state).toMatchObject({ result: RESULT, errorMessage: null, completedAt: LATER });
      expect(task.state.lease).toMatchObject({ endedBy: 'complete', progress: 100 });
      expect(effects[0]).toMatchObject({ workerId: 'worker-1', details: null });
    });
  });

  describe('failed', () => {
    it('keeps why, and what there is', () => {
      const { task, effects } = taskIn('working').fail(failure({ result: RESULT }), {}, RETRY, ACTOR, LATER);
      expect(task.state).toMatchObject({ status: 'failed', errorMessage: 'out of memory', result: RESULT });
      expect(task.state).toMatchObject({ completedAt: LATER, retryCount: 0, lease: { endedBy: 'fail' } });
      expect(effects[0]?.details).toEqual({ reason: 'out of memory' });
    });

    it('goes back by itself, when it does that, and waits', () => {
      const { task, effects } = COMMANDS.fail(taskIn('working', { autoRetry: true }));
      expect(task.state).toMatchObject({
        ...{ status: 'waiting', gate: 'scheduled', availableAt: LATER + 3_750, retryCount: 1 },
        ...{ lastRetryAt: LATER, startedAt: null, completedAt: null, errorMessage: 'out of memory' },
      });
      expect(effects[0]?.details).toEqual({ reason: 'out of memory', retry: 1 });
    });

    it.each([
      ['it does not retry itself', { autoRetry: false }, true],
      ['no retry is left', { autoRetry: true, maxRetries: 0 }, true],
      ['trying again cannot help', { autoRetry: true }, false],
    ])('stays failed when %s', (_, changes, retryable) => {
      const task = taskIn('working', changes).fail(failure({ retryable }), {}, RETRY, ACTOR, LATER).task;
      expect(task.state).toMatchObject({ status: 'failed', retryCount: 0 });
    });

    it('waits twice as long after each retry', () => {
      const first = COMMANDS.fail(taskIn('working', { autoRetry: true })).task;
      const dueAt = LATER + 3_750;
      const second = first.becomeDue(dueAt).claim(terms(), ACTOR, dueAt).task;
      const { task } = second.fail(failure(), {}, RETRY, ACTOR, dueAt);
      expect(task.state).toMatchObject({ availableAt: dueAt + 7_500, retryCount: 2 });
    });
  });

  describe('released', () => {
    it('waits at once, and costs no retry', () => {
      const { task, effects } = COMMANDS.release(taskIn('working'));
      expect(task.state).toMatchObject({ gate: 'ready', retryCount: 0, lastRetryAt: null, startedAt: null });
      expect(task.state.lease).toMatchObject({ endedBy: 'release', attempt: 1 });
      expect(effects[0]?.details).toEqual({ reason: 'wrong machine' });
    });

    it('tells no reason when none was given', () => {
      expect(taskIn('working').release(null, {}, ACTOR, LATER).effects[0]?.details).toBeNull();
    });
  });

  describe('whose lease ran out', () => {
    it('comes back at once for a retry, also when it does not retry itself', () => {
      const { task, effects } = COMMANDS.expire(taskIn('working'));
      expect(task.state).toMatchObject({
        gate: 'ready',
        retryCount: 1,
        lastRetryAt: LATER,
        errorMessage: null,
      });
      expect(task.state).toMatchObject({ updatedBy: 'worker-1', lease: { endedBy: 'expire' } });
      expect(effects[0]?.details).toEqual({ reason: 'the lease of attempt 1 ran out', retry: 1 });
    });

    it('fails when no retry is left', () => {
      const { task, effects } = COMMANDS.expire(taskIn('working', { maxRetries: 0 }));
      const reason = 'the lease of attempt 1 ran out';
      expect(task.state).toMatchObject({
        status: 'failed',
        errorMessage: reason,
        completedAt: LATER,
        retryCount: 0,
      });
      expect(effects[0]?.details).toEqual({ reason });
    });
  });

  describe('whose time ran out', () => {
    it('fails', () => {
      const { task, effects } = COMMANDS.time_out(taskIn('working', { timeoutSeconds: 60 }));
      const reason = 'timed out after 60 s';
      expect(task.state).toMatchObject({ status: 'failed', errorMessage: reason, completedAt: LATER });
      expect(effects[0]?.details).toEqual({ reason });
    });

    it('goes back by itself, when it does that', () => {
      const { task, effects } = COMMANDS.time_out(taskIn('working', { timeoutSeconds: 60, autoRetry: true }));
      expect(task.state).toMatchObject({ status: 'waiting', gate: 'scheduled', retryCount: 1 });
      expect(effects[0]?.details).toEqual({ reason: 'timed out after 60 s', retry: 1 });
    });
  });

  describe('cancelled', () => {
    it.each(['waiting', 'working', 'failed'] as const)('from %s keeps why, and when', (status) => {
      const { task, effects } = COMMANDS.cancel(taskIn(status));
      expect(task.state).toMatchObject({
        gate: null,
        cancelReason: 'not needed',
        cancelledAt: LATER,
        updatedBy: ACTOR,
      });
      expect(effects[0]?.details).toEqual({ reason: 'not needed' });
    });

    it('ends a lease that is held, and leaves one that has ended', () => {
      expect(COMMANDS.cancel(taskIn('working')).task.state.lease?.endedBy).toBe('cancel');
      expect(COMMANDS.cancel(taskIn('failed')).task.state.lease?.endedBy).toBe('fail');
      expect(COMMANDS.cancel(taskIn('waiting')).task.state.lease).toBeNull();
    });

    it.each([
      ['waiting', 'cancelled'],
      ['working', NOT_WAITING],
      ['failed', NOT_WAITING],
      ['completed', ALREADY_FINAL],
      ['cancelled', ALREADY_FINAL],
    ] as const)('without force, from %s: %s', (status, outcome) => {
      expect(outcomeOf(() => taskIn(status).cancel(null, false, ACTOR, LATER))).toBe(outcome);
    });
  });

  describe('retried', () => {
    it('waits at once, and forgets the result of the attempt that failed', () => {
      const failed = taskIn('working').fail(failure({ result: RESULT }), {}, RETRY, ACTOR, NOW).task;
      const { task, effects } = failed.retry(ACTOR, LATER);
      expect(task.state).toMatchObject({
        ...{ status: 'waiting', gate: 'ready', retryCount: 1, lastRetryAt: LATER },
        ...{ result: null, errorMessage: 'out of memory', startedAt: null, completedAt: null },
      });
      expect(effects[0]?.details).toEqual({ retry: 1 });
    });

    it('is refused beyond its retries', () => {
      const retry = (): Decision => COMMANDS.retry(taskIn('failed', { maxRetries: 0 }));
      expect(retry).toThrow(RetriesExhausted);
      expect(retry).toThrow(expect.objectContaining({ maxRetries: 0, status: 'failed' }));
    });
  });

  describe('renewed', () => {
    it('holds its lease for its length again, and is no new version', () => {
      const working = taskIn('working');
      const { task, effects } = working.renew({}, {}, LATER);
      expect(effects).toEqual([]);
      expect(task.state).toEqual({
        ...working.state,
        lease: { ...working.state.lease, expiresAt: LATER + 60_000 },
      });
    });

    it('keeps progress and message that are not told anew', () => {
      const told = taskIn('working').renew({ progress: 60, message: 'building' }, {}, LATER).task;
      expect(told.renew({}, {}, LATER).task.state.lease).toMatchObject({
        progress: 60,
        progressMessage: 'building',
      });
      expect(told.renew({ message: null }, {}, LATER).task.state.lease).toMatchObject({
        progressMessage: null,
      });
      expect(told.renew({ progress: 20 }, {}, LATER).task.state.lease).toMatchObject({ progress: 20 });
    });
  });

  describe('looked at for the end of its time', () => {
    const ENDS = NOW + 60_000;

    it('is taken from its very millisecond on, and not before', () => {
      const working = taskIn('working');
      expect(working.lapse(RETRY, ENDS - 1)).toEqual({ task: working, effects: [] });
      expect(working.lapse(RETRY, ENDS).task.state).toMatchObject({ status: 'waiting', retryCount: 1 });
    });

    it('is left alone once renewed', () => {
      const renewed = taskIn('working').renew({}, {}, NOW + 1).task;
      expect(renewed.lapse(RETRY, ENDS).task).toBe(renewed);
      expect(renewed.lapse(RETRY, ENDS + 1).task.status).toBe('waiting');
    });

    it('is failed when no retry is left', () => {
      const last = taskIn('working', { maxRetries: 0 });
      expect(last.lapse(RETRY, ENDS).task.state).toMatchObject({
        ...{ status: 'failed', errorMessage: 'the lease of attempt 1 ran out', completedAt: ENDS },
      });
    });

    it.each([
      [false, 'failed'],
      [true, 'waiting'],
    ])('is timed out however long it was renewed; retrying itself: %p, it is %s', (autoRetry, status) => {
      const renewed = taskIn('working', { timeoutSeconds: 30, autoRetry }).renew({}, {}, NOW + 29_999).task;
      expect(renewed.lapse(RETRY, NOW + 29_999).task).toBe(renewed);
      const { task, effects } = renewed.lapse(RETRY, NOW + 30_000);
      expect(effects).toMatchObject([{ command: 'time_out', details: { reason: 'timed out after 30 s' } }]);
      expect(task.status).toBe(status);
    });

    it('is timed out rather than expired when both are over', () => {
      const { effects } = taskIn('working', { timeoutSeconds: 60 }).lapse(RETRY, ENDS + 1);
      expect(effects).toMatchObject([{ command: 'time_out' }]);
    });

    it.each(['waiting', 'completed', 'failed', 'cancelled'] as const)('is left alone when %s', (status) => {
      const task = taskIn(status, { timeoutSeconds: 1 });
      expect(task.lapse(RETRY, NOW + 1e9)).toEqual({ task, effects: [] });
    });
  });
});
