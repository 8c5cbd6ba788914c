import { CALL, policy, taskIn } from '../../../../test/support/builders';
import { CountedIds } from '../../../../test/support/counted-ids';
import { DecidingStore } from '../../../../test/support/deciding-store';
import { FixedClock } from '../../../../test/support/fixed-clock';
import { KnownWorkers } from '../../../../test/support/known-workers';
import { ManualCommits } from '../../../../test/support/manual-commits';
import { ManualTimers } from '../../../../test/support/manual-timers';
import { ClaimNextTask } from './claim-next-task';
import { ClaimTasks } from './claim-tasks';
import { NoteWorkers } from '../workers/note-workers';
import { WaitingClaims } from './waiting-claims';

function claimFrom(store: DecidingStore): ClaimNextTask {
  const timers = new ManualTimers();
  const waiting = new WaitingClaims(store, new FixedClock(), timers, new ManualCommits());
  const notes = new NoteWorkers(new KnownWorkers(), timers, policy());
  return new ClaimNextTask(new ClaimTasks(store, new CountedIds(), policy(), waiting, notes));
}

describe('ClaimNextTask', () => {
  it('hands one task to its worker', async () => {
    const store = new DecidingStore({ tasks: [taskIn('waiting'), taskIn('waiting')] });
    const task = await claimFrom(store).execute({ workerId: 'worker-7', kbId: 'kb-1' }, CALL);
    expect(task?.state).toMatchObject({ status: 'working', lease: { workerId: 'worker-7' } });
    expect(store.claims).toEqual([{ filter: { kbId: 'kb-1' }, limit: 1 }]);
  });

  it('is null when there is nothing', async () => {
    expect(await claimFrom(new DecidingStore()).execute({}, CALL)).toBeNull();
  });
});
