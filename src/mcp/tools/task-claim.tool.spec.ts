import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import {
  ClaimNextTask,
  ClaimTasks,
  HandOnResults,
  HandOver,
  NoteWorkers,
  ReleaseTask,
  WaitingClaims,
} from '@task/application';
import { Task } from '@task/domain';
import type { Request } from 'express';
import { ACTOR, draft, NOW, policy } from '../../../test/support/builders';
import { CountedIds, uuid } from '../../../test/support/counted-ids';
import { FixedClock } from '../../../test/support/fixed-clock';
import { KeepingStore } from '../../../test/support/keeping-store';
import { KnownWorkers } from '../../../test/support/known-workers';
import { ManualCommits } from '../../../test/support/manual-commits';
import { ManualTimers } from '../../../test/support/manual-timers';
import { Exchange, openExchange } from '../../http/shared/exchange/exchange';
import { KeysInFlight } from '../../http/shared/exchange/idempotency';
import { Asked } from '../tool/asked';
import { TaskClaimTool } from './task-claim.tool';

const TASK = Task.create(draft(), uuid(1), ACTOR, NOW).task;

/** A store whose caller hangs up while it claims. */
class HungUpStore extends KeepingStore {
  onClaim: () => void = () => undefined;

  override async claim(...asked: Parameters<KeepingStore['claim']>): Promise<readonly Task[]> {
    const claimed = await super.claim(...asked);
    this.onClaim();
    return claimed;
  }
}

describe('a claim whose client hangs up between the claim and the answer', () => {
  async function statusAfter(given: object, headers: Readonly<Record<string, string>>): Promise<string> {
    const store = new HungUpStore([TASK]);
    const waiting = new WaitingClaims(store, new FixedClock(), new ManualTimers(), new ManualCommits());
    const notes = new NoteWorkers(new KnownWorkers(), new ManualTimers(), policy());
    const claims = new ClaimNextTask(new ClaimTasks(store, new CountedIds(), policy(), waiting, notes));
    const request = new IncomingMessage(new Socket());
    Object.assign(request.headers, headers);
    Object.assign(request.headersDistinct, {
      ...(headers['idempotency-key'] !== undefined && { 'idempotency-key': [headers['idempotency-key']] }),
    });
    const exchange = new Exchange('id', new ServerResponse(request), new KeysInFlight(), null);
    exchange.caller = { name: ACTOR, roles: ['worker'] };
    openExchange(request, exchange);
    store.onClaim = () => exchange.abort();

    const tool = new TaskClaimTool(
      claims,
      new ReleaseTask(store, policy()),
      { secondsOf: () => 0 } as never,
      new HandOver(store, new HandOnResults(store)),
    );
    await tool.run(given, new Asked(request as Request, new AbortController().signal, false));
    return (await store.find(TASK.id))?.status ?? 'gone';
  }

  it('gives the task back', async () => {
    expect(await statusAfter({}, {})).toBe('waiting');
  });

  it('gives it back though its transport made up a key: nobody knows that one', async () => {
    expect(await statusAfter({}, { 'idempotency-key': 'stdio-1' })).toBe('waiting');
  });

  it('keeps it for a client that has named a key to come back with', async () => {
    expect(await statusAfter({ idempotency_key: 'mine' }, {})).toBe('working');
  });
});
