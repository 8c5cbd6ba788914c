import { Task, type TaskDraft, type TaskStatus } from '@task/domain';
import type { Call } from '../call';
import { StoreUnavailable } from '../ports/store-unavailable';
import { ACTOR, CALL, NOW, taskIn } from '../../../../test/support/builders';
import { uuid } from '../../../../test/support/counted-ids';
import { KeepingStore } from '../../../../test/support/keeping-store';
import { Notebook } from '../../../../test/support/notebook';
import { CancelTask } from './cancel-task';
import { BulkCancel, BulkRetry, type BulkCancelInput } from './change-many';
import { RetryTask } from './retry-task';

const STEP = 200;
const MOST_IN_A_CALL = 5_000;

/** So many tasks in each of these statuses. */
function storeOf(
  counts: Partial<Record<TaskStatus, number>>,
  changes: Partial<TaskDraft> = {},
): KeepingStore {
  let number = 0;
  const tasks = Object.entries(counts).flatMap(([status, count]) => {
    const { state } = taskIn(status as TaskStatus, changes);
    return Array.from({ length: count }, () => new Task({ ...state, id: uuid((number += 1)) }));
  });
  return new KeepingStore(tasks);
}

const audit = new Notebook();

beforeEach(() => audit.records.splice(0));

const cancelAll = (
  store: KeepingStore,
  input: Partial<BulkCancelInput> = {},
  call: Call = CALL,
): ReturnType<BulkCancel['execute']> =>
  new BulkCancel(store, new CancelTask(store, audit), audit).execute(
    { filter: {}, dryRun: false, ...input },
    call,
  );
const retryAll = (store: KeepingStore, dryRun = false): ReturnType<BulkRetry['execute']> =>
  new BulkRetry(store, new RetryTask(store), audit).execute({ filter: {}, dryRun }, CALL);

const countOf = (store: KeepingStore, status: TaskStatus): number =>
  store.all.filter((task) => task.status === status).length;
const NONE = { matched: 0, matchedCapped: false, changed: 0, skipped: 0, hasMore: false };

describe('BulkCancel', () => {
  it('gives up every waiting task, with its reason, in the caller’s name, and no other', async () => {
    const store = storeOf({ waiting: 3, working: 1, failed: 1, completed: 1 });
    expect(await cancelAll(store, { reason: 'not needed' })).toEqual({ ...NONE, matched: 3, changed: 3 });
    expect(store.all.slice(0, 3).map(({ state }) => [state.cancelReason, state.updatedBy])).toEqual(
      Array.from({ length: 3 }, () => ['not needed', ACTOR]),
    );
    expect(store.all.slice(3).map(({ status }) => status)).toEqual(['working', 'failed', 'completed']);
  });

  it('is written down as one thing, with its figures; counting is not', async () => {
    const store = storeOf({ waiting: 3, working: 1 });
    const filter = { kbId: 'kb-1' };
    await cancelAll(store, { dryRun: true });
    await cancelAll(store, { filter, force: true, reason: 'secret plans' });
    const details = { filter, force: true, matched: 4, changed: 4, skipped: 0 };
    expect(audit.records).toMatchObject([
      { actor: ACTOR, action: 'task.bulk_cancel', outcome: 'done', details },
    ]);
    expect(JSON.stringify(audit.records)).not.toContain('secret plans');
  });

  it('takes working and failed tasks too when forced', async () => {
    const store = storeOf({ waiting: 2, working: 3, failed: 4, completed: 5, cancelled: 6 });
    expect(await cancelAll(store, { force: true })).toEqual({ ...NONE, matched: 9, changed: 9 });
    expect([countOf(store, 'completed'), countOf(store, 'cancelled')]).toEqual([5, 15]);
  });

  it('takes what the filter takes of it', async () => {
    const store = storeOf({ waiting: 2, working: 3 });
    const filter = { status: 'working', kbId: 'kb-1' } as const;
    expect(await cancelAll(store, { filter, force: true })).toMatchObject({ changed: 3 });
    expect(store.pages.every(({ filter: asked }) => asked.kbId === 'kb-1')).toBe(true);
    expect(countOf(store, 'waiting')).toBe(2);
  });

  it('has nothing to do where the filter takes only what cannot be given up', async () => {
    const store = storeOf({ completed: 2, working: 2 });
    expect(await cancelAll(store, { filter: { status: 'completed' }, force: true })).toEqual(NONE);
    expect(await cancelAll(store, { filter: { status: 'working' } })).toEqual(NONE);
    expect(store.writes).toBe(0);
  });

  it('counts and changes nothing in a dry run', async () => {
    const store = storeOf({ waiting: 300, failed: 20 });
    expect(await cancelAll(store, { dryRun: true, force: true })).toEqual({ ...NONE, matched: 320 });
    expect(store.writes).toBe(0);
  });

  it('goes in bounded steps', async () => {
    const store = storeOf({ waiting: 2 * STEP + 1 });
    expect(await cancelAll(store)).toMatchObject({ changed: 2 * STEP + 1, hasMore: false });
    expect(store.pages.map(({ limit }) => limit)).toEqual([STEP, STEP, STEP]);
  });

  it('ends after so many, and goes on with the rest when called again', async () => {
    const store = storeOf({ waiting: MOST_IN_A_CALL + 10, working: 1 });
    const first = await cancelAll(store, { force: true });
    expect(first).toEqual({ ...NONE, matched: MOST_IN_A_CALL + 11, changed: MOST_IN_A_CALL, hasMore: true });
    const second = await cancelAll(store, { force: true });
    expect(second).toEqual({ ...NONE, matched: 11, changed: 11 });
  });

  it('has no more when it ends exactly there', async () => {
    const store = storeOf({ waiting: MOST_IN_A_CALL });
    expect(await cancelAll(store, { force: true })).toMatchObject({
      changed: MOST_IN_A_CALL,
      hasMore: false,
    });
  });

  it('passes over what somebody else moved on meanwhile', async () => {
    const store = storeOf({ waiting: 3 });
    const list = store.list.bind(store);
    store.list = async (request) => {
      const page = await list(request);
      const [first] = page.tasks;
      if (first !== undefined) store.put(first.cancel(null, false, 'somebody else', NOW).task);
      return page;
    };
    expect(await cancelAll(store)).toEqual({ ...NONE, matched: 3, changed: 2, skipped: 1 });
  });

  it('tells that more are left where a page ended before it found any', async () => {
    const store = storeOf({ waiting: 1 });
    store.list = () => Promise.resolve({ tasks: [], total: 1, totalCapped: true, next: [0, 1, 1] });
    const outcome = await cancelAll(store, {}, { ...CALL, signal: { aborted: true } });
    expect(outcome).toEqual({ ...NONE, matched: 1, matchedCapped: true, hasMore: true });
  });

  it('stops between steps when nobody waits for the answer any more', async () => {
    const store = storeOf({ waiting: 3 * STEP });
    const signal = { aborted: false };
    const list = store.list.bind(store);
    store.list = async (request) => {
      signal.aborted = store.writes >= STEP;
      return list(request);
    };
    const outcome = await cancelAll(store, {}, { ...CALL, signal });
    expect(outcome).toMatchObject({ changed: STEP, hasMore: true });
    expect(countOf(store, 'waiting')).toBe(2 * STEP);
  });

  it('ends when the store gives no answer, in the middle of it too', async () => {
    const store = storeOf({ waiting: 2 });
    store.isAway = true;
    await expect(cancelAll(store)).rejects.toThrow(StoreUnavailable);
    const list = store.list.bind(store);
    store.isAway = false;
    store.list = async (request) => {
      const page = await list(request);
      store.isAway = true;
      return page;
    };
    await expect(cancelAll(store)).rejects.toThrow(StoreUnavailable);
  });

  it('tells and writes down what it did before the store gave no answer any more', async () => {
    const store = storeOf({ waiting: 2 * STEP });
    const list = store.list.bind(store);
    store.list = async (request) => {
      const page = await list(request);
      store.isAway = store.writes >= STEP;
      return page;
    };
    const outcome = await cancelAll(store);
    expect(outcome).toMatchObject({ changed: STEP, hasMore: true });
    expect(audit.records).toMatchObject([{ outcome: 'done', details: { changed: STEP } }]);
  });

  it('names the caller’s key to none of the writes: one key cannot stand for many outcomes', async () => {
    const store = storeOf({ waiting: 2 });
    const idempotency = { key: 'k', fingerprint: 'f', onReplay: () => undefined };
    await cancelAll(store, {}, { ...CALL, idempotency });
    expect(store.keys).toEqual([undefined, undefined]);
  });
});

describe('BulkRetry', () => {
  it('puts every failed task back, and no other', async () => {
    const store = storeOf({ failed: 3, working: 1, cancelled: 1 });
    expect(await retryAll(store)).toEqual({ ...NONE, matched: 3, changed: 3 });
    expect(store.all.map(({ status, state }) => [status, state.retryCount])).toEqual([
      ...Array.from({ length: 3 }, () => ['waiting', 1]),
      ['working', 0],
      ['cancelled', 0],
    ]);
  });

  it('passes over those without a retry left', async () => {
    const store = storeOf({ failed: 3 }, { maxRetries: 0 });
    expect(await retryAll(store)).toEqual({ ...NONE, matched: 3, skipped: 3 });
  });

  it('comes to those behind ever so many without a retry left', async () => {
    const store = storeOf({ failed: MOST_IN_A_CALL + 1 }, { maxRetries: 0 });
    store.put(taskIn('failed'));
    expect(await retryAll(store)).toEqual({
      ...NONE,
      ...{ matched: MOST_IN_A_CALL + 2, changed: 1, skipped: MOST_IN_A_CALL + 1 },
    });
  });

  it('counts and changes nothing in a dry run', async () => {
    const store = storeOf({ failed: 3 });
    expect(await retryAll(store, true)).toEqual({ ...NONE, matched: 3 });
    expect(store.writes).toBe(0);
  });
});
