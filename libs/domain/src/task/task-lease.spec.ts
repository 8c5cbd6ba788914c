import { ACTOR, NOW, RETRY, taskIn, terms } from '../../../../test/support/builders';
import { COMMANDS, LATER, outcomeOf } from '../../../../test/support/task-commands';

describe('Task', () => {
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
      expect(outcomeOf(() => scheduled.claim(terms(), ACTOR, NOW))).toBe('task.not_waiting');
      expect(outcomeOf(() => scheduled.becomeDue(LATER).claim(terms(), ACTOR, LATER))).toBe('working');
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
