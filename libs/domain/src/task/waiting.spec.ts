import { ACTOR, draft, NOW, taskIn, terms } from '../../../../test/support/builders';
import { uuid } from '../../../../test/support/counted-ids';
import { DEPENDENCY_POLICIES, isDecisive, needsOf, verdictOn, type DependencyPolicy } from './needs';
import type { Task } from './task';
import { TASK_STATUSES } from './task-status';
import { admitted, awaited, createDependent, dependencyEnded, heldBack, takesSlot } from './waiting';

/** Row: a policy; what each status of a dependency means under it, in the order of the statuses. */
const VERDICTS: readonly [DependencyPolicy, readonly string[]][] = [
  ['wait', ['open', 'open', 'met', 'open', 'open']],
  ['cancel', ['open', 'open', 'met', 'broken', 'broken']],
  ['run', ['open', 'open', 'met', 'met', 'met']],
];

const dependent = (dependencies: readonly Task[], onFailure: DependencyPolicy, changes = {}): Task =>
  createDependent(draft(changes), { id: uuid(9), dependencies, onFailure }, ACTOR, NOW).task;

describe('verdictOn', () => {
  it.each(VERDICTS)('under the policy %s is %j', (policy, verdicts) => {
    expect(TASK_STATUSES.map((status) => verdictOn(status, policy))).toEqual(verdicts);
  });

  it('has a row for each policy', () => {
    expect(VERDICTS.map(([policy]) => policy)).toEqual(DEPENDENCY_POLICIES);
  });

  it('counts nothing while a dependency can still end by itself', () => {
    expect(TASK_STATUSES.filter(isDecisive)).toEqual(['completed', 'failed', 'cancelled']);
  });
});

describe('a task that depends on others', () => {
  it('waits for those that are not completed', () => {
    expect(needsOf([], 'wait')).toBeNull();
    expect(needsOf(['completed', 'working', 'failed'], 'wait')).toEqual({ pending: 2, onFailure: 'wait' });
    expect(needsOf(['completed', 'working', 'failed'], 'run')).toEqual({ pending: 1, onFailure: 'run' });
  });

  it('is cancelled at once with one that has failed, when it is to go with it', () => {
    const failed = taskIn('failed');
    const { task, effects, dependsOn } = createDependent(
      draft(),
      { id: uuid(9), dependencies: [taskIn('completed'), failed], onFailure: 'cancel' },
      ACTOR,
      NOW,
    );
    expect([task.status, task.state.cancelReason]).toEqual([
      'cancelled',
      `depends on ${failed.id}, which is failed`,
    ]);
    expect(effects.map(({ command, version }) => [command, version])).toEqual([
      ['create', 1],
      ['cancel', 2],
    ]);
    expect(dependsOn).toHaveLength(2);
  });

  it('is told, and is ready when the last one has counted', () => {
    const waiting = dependent([taskIn('working'), taskIn('waiting')], 'wait');
    const once = dependencyEnded(waiting, taskIn('completed'), NOW);
    expect([once.task.state.gate, once.task.state.needs?.pending, once.effects]).toEqual(['blocked', 1, []]);
    const twice = dependencyEnded(once.task, taskIn('completed'), NOW).task;
    expect([twice.state.gate, twice.state.needs?.pending]).toEqual(['ready', 0]);
    expect(twice.state.version).toBe(waiting.state.version);
  });

  it('changes nothing for what does not count', () => {
    const waiting = dependent([taskIn('working')], 'wait');
    expect(dependencyEnded(waiting, taskIn('failed'), NOW).task).toBe(waiting);
    expect(dependencyEnded(taskIn('waiting'), taskIn('completed'), NOW).task.state.gate).toBe('ready');
    const gone = waiting.cancel(null, false, ACTOR, NOW).task;
    expect(dependencyEnded(gone, taskIn('completed'), NOW).task).toBe(gone);
  });

  it('goes with a failed one under its policy, in nobody’s name', () => {
    const waiting = dependent([taskIn('working')], 'cancel');
    const { task, effects } = dependencyEnded(waiting, taskIn('cancelled'), NOW + 1);
    expect([task.status, task.state.updatedBy]).toEqual(['cancelled', ACTOR]);
    expect(effects).toMatchObject([{ command: 'cancel', from: 'waiting', to: 'cancelled', at: NOW + 1 }]);
  });

  it('marks those that it waits for', () => {
    const task = taskIn('waiting');
    expect(awaited(task).state.isAwaited).toBe(true);
    expect(awaited(awaited(task))).toEqual(awaited(task));
  });
});

describe('a task with a concurrency key', () => {
  const keyed = (): Task => taskIn('waiting', { concurrencyKey: 'db' });
  const claimed = (): Task => admitted(keyed()).claim(terms(), ACTOR, NOW).task;

  it('cannot be claimed before its key admits it', () => {
    expect(() => keyed().claim(terms(), ACTOR, NOW)).toThrow('waiting');
    expect(claimed().status).toBe('working');
    expect(() => heldBack(admitted(keyed())).claim(terms(), ACTOR, NOW)).toThrow('waiting');
  });

  it('is moved only where it stands', () => {
    const blocked = dependent([taskIn('working')], 'wait', { concurrencyKey: 'db' });
    expect(admitted(blocked)).toBe(blocked);
    expect(heldBack(blocked)).toBe(blocked);
  });

  it('takes a slot while it is worked on, and no longer', () => {
    const task = claimed();
    const proof = { leaseToken: 'token-1' };
    expect([keyed(), task].map(takesSlot)).toEqual([false, true]);
    expect(takesSlot(task.complete(null, proof, ACTOR, NOW).task)).toBe(false);
    const released = task.release(null, proof, ACTOR, NOW).task;
    expect([takesSlot(released), released.state.gate]).toEqual([false, 'held']);
    expect(takesSlot(taskIn('working'))).toBe(false);
  });

  it('takes it on when it is cancelled, until its worker knows or its lease is over', () => {
    const cancelled = claimed().cancel(null, true, ACTOR, NOW).task;
    expect([takesSlot(cancelled), takesSlot(cancelled.slotFreed())]).toEqual([true, false]);
    const retry = { baseMs: 1, capMs: 1, random: () => 0.5 };
    expect(cancelled.lapse(retry, NOW + 59_999).task).toBe(cancelled);
    const over = cancelled.lapse(retry, NOW + 60_000);
    expect([takesSlot(over.task), over.effects, over.task.status]).toEqual([false, [], 'cancelled']);
    expect(cancelled.slotFreed().slotFreed()).toEqual(cancelled.slotFreed());
  });
});
