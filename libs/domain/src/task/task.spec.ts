import { ACTOR, draft, failure, NOW, RETRY, TASK_ID, taskIn, terms } from '../../../../test/support/builders';
import { COMMANDS, LATER, outcomeOf, RESULT } from '../../../../test/support/task-commands';
import { Task, type Decision } from './task';
import type { TaskDraft } from './task-state';
import { TASK_STATUSES } from './task-status';
import { InvalidTask, RetriesExhausted } from './task.errors';

describe('Task', () => {
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
      ['working', 'task.not_waiting'],
      ['failed', 'task.not_waiting'],
      ['completed', 'task.already_final'],
      ['cancelled', 'task.already_final'],
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
});
