import { Task } from '@task/domain';
import { StoreUnavailable } from '../ports/store-unavailable';
import type { Dependency } from '../ports/task-store';
import { ACTOR, CALL, draft, NOW } from '../../../../test/support/builders';
import { uuid } from '../../../../test/support/counted-ids';
import { KeepingStore } from '../../../../test/support/keeping-store';
import { HandOnResults } from './hand-on-results';
import { HandOver } from './hand-over';

const KEY = { key: 'k', fingerprint: 'f', onReplay: () => undefined };
const RESULTS: readonly Dependency[] = [
  { taskId: uuid(9), status: 'completed', result: null, resultBytes: 0, isSettled: true },
];

/** A task in the hands of a worker that depended on another one. */
const { task: CLAIMED } = Task.create(draft(), uuid(1), ACTOR, NOW).task.claim(
  { token: 'token-1', workerId: null, lengthMs: 60_000 },
  ACTOR,
  NOW,
);
const AFTER_ANOTHER = new Task({ ...CLAIMED.state, needs: { pending: 0, onFailure: 'wait' } });

/** Gives the results of dependencies, when it does. */
class ResultsStore extends KeepingStore {
  onRead: () => void = () => undefined;

  override async dependenciesOf(): Promise<ReadonlyMap<string, readonly Dependency[]>> {
    this.onRead();
    return new Map([[AFTER_ANOTHER.id, RESULTS]]);
  }
}

describe('HandOver', () => {
  let store: ResultsStore;
  let signal: { aborted: boolean };
  beforeEach(() => {
    store = new ResultsStore([AFTER_ANOTHER]);
    signal = { aborted: false };
  });

  const handOver = (idempotency?: typeof KEY): ReturnType<HandOver['execute']> =>
    new HandOver(store, new HandOnResults(store)).execute([AFTER_ANOTHER], { ...CALL, signal, idempotency });
  const status = (): string | undefined => store.all[0]?.status;

  it('hands tasks over with what they depended on', async () => {
    expect(await handOver()).toEqual({ tasks: [AFTER_ANOTHER], handedOn: new Map([[uuid(1), RESULTS]]) });
    expect(status()).toBe('working');
  });

  it('gives them back when the caller hangs up while it reads', async () => {
    store.onRead = () => (signal.aborted = true);

    expect((await handOver()).tasks).toEqual([]);
    expect([status(), store.all[0]?.state.retryCount]).toEqual(['waiting', 0]);
  });

  it('keeps them for a caller who can come back under a key', async () => {
    store.onRead = () => (signal.aborted = true);

    expect((await handOver(KEY)).tasks).toEqual([AFTER_ANOTHER]);
    expect(status()).toBe('working');
  });

  it('gives them back when they cannot be read, but for a caller who can come back', async () => {
    store.onRead = () => {
      throw new StoreUnavailable('unreachable');
    };

    await expect(handOver(KEY)).rejects.toThrow(StoreUnavailable);
    expect(status()).toBe('working');
    await expect(handOver()).rejects.toThrow(StoreUnavailable);
    expect(status()).toBe('waiting');
  });

  it('tells that they cannot be read though they cannot be given back either', async () => {
    store.onRead = () => {
      store.isAway = true;
      throw new StoreUnavailable('unreachable');
    };

    await expect(handOver()).rejects.toThrow(StoreUnavailable);
  });
});
