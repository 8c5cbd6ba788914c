import { StoreUnavailable } from '@task/application';
import { TaskNotFound } from '@task/domain';
import { taskIn, TASK_ID } from './builders';
import { HTTP_READING } from './http-reading';
import { PORT_READING, Recorder, type Reading, type ReadingOfAll } from './recorder';

const READING: Reading<string> = {
  answer: (taskId) => ({ is: 'ok', taskId }),
  error: (error) => ({ is: 'refused', code: String(error) }),
};

describe('Recorder', () => {
  it('logs what was asked and told, and answers what the operation did', async () => {
    const recorder = new Recorder();
    const answer = await recorder.record({ kind: 'create', key: 'k' }, () => Promise.resolve('a'), READING);
    expect(answer).toBe('a');
    expect(recorder.log).toEqual([
      { kind: 'create', key: 'k', start: 1, end: 2, outcome: { is: 'ok', taskId: 'a' } },
    ]);
  });

  it('logs a failure and throws it on', async () => {
    const recorder = new Recorder();
    const run = recorder.record({ kind: 'claim' }, () => Promise.reject(new Error('no')), READING);
    await expect(run).rejects.toThrow('no');
    expect(recorder.log[0]?.outcome).toEqual({ is: 'refused', code: 'Error: no' });
  });

  it('holds an operation that has not ended for unknown', async () => {
    const recorder = new Recorder();
    const { promise, resolve } = Promise.withResolvers<string>();
    const running = recorder.record({ kind: 'claim' }, () => promise, READING);
    expect(recorder.log[0]).toMatchObject({ end: Infinity, outcome: { is: 'unknown' } });
    resolve('a');
    await running;
    expect(recorder.log[0]).toMatchObject({ end: 2, outcome: { is: 'ok' } });
  });

  it('logs everything that one request did, and that nothing is known where it broke', async () => {
    const recorder = new Recorder();
    const asked = [{ kind: 'claim' }, { kind: 'claim' }] as const;
    const reading: ReadingOfAll<string> = {
      answer: (taskId) => [{ is: 'ok', taskId }],
      error: () => ({ is: 'unknown', cause: 'cut' }),
    };
    await recorder.recordAll(asked, () => Promise.resolve('a'), reading);
    const broken = recorder.recordAll(asked, () => Promise.reject(new Error('no')), reading);
    await expect(broken).rejects.toThrow('no');
    expect(recorder.log.map(({ start, end, outcome }) => [start, end, outcome])).toEqual([
      [1, 2, { is: 'ok', taskId: 'a' }],
      [1, 2, { is: 'ok' }],
      [3, 4, { is: 'unknown', cause: 'cut' }],
      [3, 4, { is: 'unknown', cause: 'cut' }],
    ]);
  });

  it('keeps the order of starts and ends of operations that overlap', async () => {
    const recorder = new Recorder();
    const first = Promise.withResolvers<string>();
    const running = recorder.record({ kind: 'claim' }, () => first.promise, READING);
    await recorder.record({ kind: 'claim' }, () => Promise.resolve('b'), READING);
    first.resolve('a');
    await running;
    expect(recorder.log.map(({ start, end }) => [start, end])).toEqual([
      [1, 4],
      [2, 3],
    ]);
  });
});

describe('reading the answers of the port', () => {
  it('takes task and lease from the task that was handed out', () => {
    const handedOut = { is: 'ok', taskId: TASK_ID, token: 'token-1', attempt: 1 };
    const task = taskIn('working');
    const leaseEndsAt = task.state.lease?.expiresAt;
    expect(PORT_READING.answer(task)).toEqual({ ...handedOut, leaseEndsAt });
  });

  it('takes an empty claim for done', () => {
    expect(PORT_READING.answer(null)).toEqual({ is: 'ok' });
  });

  it.each([
    [new TaskNotFound('x'), { is: 'refused', code: 'task.not_found' }],
    [new StoreUnavailable('overloaded'), { is: 'refused', code: 'overloaded' }],
    [new StoreUnavailable('unknown'), { is: 'unknown' }],
    [new Error('boom'), { is: 'unknown', cause: 'Error: boom' }],
  ])('reads %s', (error, outcome) => {
    expect(PORT_READING.error(error)).toMatchObject(outcome);
  });
});

describe('reading answers over HTTP', () => {
  it('takes task and lease from the envelope', () => {
    const data = { task_id: 'a', lease_token: 't', attempt: 2, lease_expires_at: '1970-01-01T00:00:07.000Z' };
    const handedOut = { is: 'ok', taskId: 'a', token: 't', attempt: 2, leaseEndsAt: 7_000 };
    expect(HTTP_READING.answer({ status: 200, body: { data } })).toEqual(handedOut);
  });

  it('takes an empty claim for done', () => {
    expect(HTTP_READING.answer({ status: 200, body: { data: null } })).toEqual({ is: 'ok' });
  });

  it.each([
    [
      { status: 409, body: { error: { code: 'CONFLICT' } } },
      { is: 'refused', code: 'CONFLICT' },
    ],
    [
      { status: 409, body: { error: { code: 'CONFLICT', details: { code: 'LEASE_LOST' } } } },
      { is: 'refused', code: 'LEASE_LOST' },
    ],
    [
      { status: 404, body: null },
      { is: 'refused', code: '404' },
    ],
    [
      { status: 503, body: {} },
      { is: 'unknown', cause: '503' },
    ],
    [
      { status: 500, body: '' },
      { is: 'unknown', cause: '500' },
    ],
  ])('reads %j', (answer, outcome) => {
    expect(HTTP_READING.answer(answer)).toEqual(outcome);
  });

  it('takes a broken connection for unknown', () => {
    expect(HTTP_READING.error(new Error('socket hang up'))).toMatchObject({ is: 'unknown' });
  });
});
