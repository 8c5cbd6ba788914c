import { createDependent, Task, type EpochMs, type TaskDraft } from '@task/domain';
import { ACTOR, draft, NOW } from '../../../../test/support/builders';
import { uuid } from '../../../../test/support/counted-ids';
import { FixedClock } from '../../../../test/support/fixed-clock';
import { DecidingStore } from '../../../../test/support/deciding-store';
import type { ClaimFilter, StatusCounts, TaskPage, TaskPageRequest } from '../ports/task-store';
import { ExplainClaims, type ClaimOutlook } from './explain-claims';
import type { ClaimWishes } from './claim-filter';
import { claimTakes } from './claim-matches';

const LATER = NOW + 3_600_000;

/** Lists the waiting tasks that it is given, by the parts of a filter that are asked for here. */
class WaitingStore extends DecidingStore {
  constructor(private readonly all: readonly Task[]) {
    super();
  }

  override async countByStatus(): Promise<StatusCounts> {
    return { waiting: this.all.length, working: 2, completed: 0, failed: 0, cancelled: 0 };
  }

  override async anyReady(filter: ClaimFilter): Promise<boolean> {
    return this.all.some(({ state: { gate, workDirectory: directory, taskType, kbId } }) => {
      return gate === 'ready' && claimTakes(filter, { directory, taskType, kbId, count: 1 });
    });
  }

  override async nextDueAt(): Promise<EpochMs | null> {
    const times = this.all.flatMap(({ state: { gate, availableAt } }) =>
      gate === 'scheduled' ? (availableAt ?? []) : [],
    );
    return times.length === 0 ? null : Math.min(...times);
  }

  override async list(request: TaskPageRequest): Promise<TaskPage> {
    const { taskType, kbId, directoryContains = '' } = request.filter;
    const tasks = this.all.filter(
      ({ state }) =>
        (taskType === undefined || state.taskType === taskType) &&
        (kbId === undefined || state.kbId === kbId) &&
        `${state.workDirectory ?? ''}/`.includes(directoryContains),
    );
    return { tasks: tasks.slice(0, request.limit), total: tasks.length, totalCapped: false, next: null };
  }
}

async function outlookOf(
  drafts: readonly Partial<TaskDraft>[],
  wishes: ClaimWishes = {},
  clock = new FixedClock(),
): Promise<ClaimOutlook> {
  const tasks = drafts.map((changes, index) => Task.create(draft(changes), uuid(index + 1), ACTOR, NOW).task);
  const { counts, outlook } = await new ExplainClaims(new WaitingStore(tasks), clock).execute(wishes);
  expect(counts).toMatchObject({ waiting: drafts.length, working: 2 });
  return outlook;
}

describe('ExplainClaims', () => {
  it('says that nothing waits', async () => {
    expect(await outlookOf([])).toEqual({ kind: 'empty' });
  });

  it('says that a claim would find one', async () => {
    expect(await outlookOf([{ availableAt: LATER }, {}])).toEqual({ kind: 'claimable' });
  });

  describe('of more tasks than are looked at', () => {
    const tonight = Array.from({ length: 200 }, () => ({ availableAt: LATER, priority: 8 }));
    const soon = { availableAt: NOW + 1_000, taskType: 'build' };

    it('finds the one that is ready behind all that are not', async () => {
      expect(await outlookOf([...tonight, {}])).toEqual({ kind: 'claimable' });
      expect(await outlookOf(tonight)).toEqual({ kind: 'not_due', dueAt: LATER });
    });

    it('does not say no where one has come due', async () => {
      const clock = new FixedClock();
      expect(await outlookOf([...tonight, soon], {}, clock)).toMatchObject({ kind: 'not_due' });
      clock.advance(1_000);
      expect(await outlookOf([...tonight, soon], {}, clock)).toEqual({ kind: 'unknown', mayClaim: true });
      expect(await outlookOf([...tonight, soon], { taskTypes: ['build'] }, clock)).toEqual({
        kind: 'claimable',
      });
    });

    it('does not say why none of them suits', async () => {
      const others = Array.from({ length: 200 }, () => ({ workDirectory: '/x/srv/project' }));
      const outlook = await outlookOf(others, { workPath: '/srv/project' });
      expect(outlook).toEqual({ kind: 'unknown', mayClaim: false });
    });
  });

  it('says that a claim finds one whose time has come, though none has made it ready', async () => {
    const clock = new FixedClock();
    clock.advance(60_000);
    expect(await outlookOf([{ availableAt: NOW + 1 }], {}, clock)).toEqual({ kind: 'claimable' });
    const shared = [{ availableAt: NOW + 1, concurrencyKey: 'repo' }, { availableAt: LATER }];
    expect(await outlookOf(shared, {}, clock)).toEqual({ kind: 'unknown', mayClaim: true });
  });

  it('says when the first that suits is due', async () => {
    expect(await outlookOf([{ availableAt: LATER + 1 }, { availableAt: LATER }])).toEqual({
      kind: 'not_due',
      dueAt: LATER,
    });
  });

  it('says that those that suit wait for others, and for which keys', async () => {
    const first = Task.create(draft({ taskType: 'other' }), uuid(1), ACTOR, NOW).task;
    const behind = { id: uuid(2), dependencies: [first], onFailure: 'wait' } as const;
    const blocked = createDependent(draft(), behind, ACTOR, NOW).task;
    const held = Task.create(draft({ concurrencyKey: 'repo' }), uuid(3), ACTOR, NOW).task;
    const explain = new ExplainClaims(new WaitingStore([blocked, held, held]), new FixedClock());
    expect((await explain.execute({})).outlook).toEqual({
      ...{ kind: 'blocked', dependents: 1, concurrencyKeys: ['repo'] },
    });
  });

  it.each<[string, ClaimWishes]>([
    ['another directory', { workPath: '/srv/other' }],
    ['a directory that only begins alike', { workPath: '/srv/proj', recursive: true }],
    ['the directory above alone', { workPath: '/srv' }],
    ['another type', { taskTypes: ['build'] }],
    ['another knowledge base', { kbId: 'kb-7' }],
  ])('says where tasks wait instead of in %s', async (_what, wishes) => {
    expect(await outlookOf([{}, {}], wishes)).toEqual({
      kind: 'none_match',
      elsewhere: [{ workDirectory: '/srv/project', taskType: 'agent_prompt', kbId: null }],
    });
  });

  it.each<[string, ClaimWishes]>([
    ['another spelling', { workPath: '/srv//project/' }],
    ['the directory above, with those below', { workPath: '/srv', recursive: true }],
    ['one of several types', { taskTypes: ['build', 'agent_prompt'] }],
  ])('finds a task under %s', async (_what, wishes) => {
    expect(await outlookOf([{}], wishes)).toEqual({ kind: 'claimable' });
  });

  it('names no more than five other places', async () => {
    const drafts = Array.from({ length: 9 }, (_, index) => ({ kbId: `kb-${index}`, workDirectory: null }));
    const outlook = await outlookOf(drafts, { workPath: '/srv/project' });

    expect(outlook).toMatchObject({ kind: 'none_match', elsewhere: { length: 5 } });
  });
});
