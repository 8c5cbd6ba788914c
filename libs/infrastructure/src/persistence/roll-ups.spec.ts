import { Task, type Decision } from '@task/domain';
import { ACTOR, draft, failure, NOW, RETRY, TASK_ID, terms } from '../../../../test/support/builders';
import { binOf, middleOf, rollUpsOf } from './roll-ups';
import type { Change, LoggedTransition, Place } from './stored-task';

const MINUTE = Math.floor(NOW / 60_000) * 60_000;
const HOUR = Math.floor(NOW / 3_600_000) * 3_600_000;
const DAY = Math.floor(NOW / 86_400_000) * 86_400_000;
const WEEK_MS = 7 * 86_400_000;
const NOTHING = {
  ...{
    counts: [],
    ready: [],
    blocks: [],
    types: [],
    minutes: [],
    hours: [],
    times: [],
    workers: [],
    keys: [],
  },
};

describe('binOf', () => {
  /** The shortest and the longest whole duration of a bin. */
  const endsOf = (bin: number): readonly [number, number] => {
    const near = Math.floor(1.02 ** (bin - 1));
    const around = Array.from({ length: 6 }, (_, index) => near - 2 + index).filter((ms) => ms >= 1);
    const first = around.find((ms) => binOf(ms) === bin) ?? Number.NaN;
    let last = Math.max(first, Math.floor(1.02 ** bin) - 2);
    while (binOf(last + 1) === bin) last += 1;
    return [first, last];
  };

  it('puts durations together whose middle is within 1 % of each of them, from 1 ms to 7 days', () => {
    const bins = Array.from({ length: binOf(WEEK_MS) }, (_, index) => endsOf(index + 1));
    // Among the first few milliseconds there are bins that no whole one is in.
    const used = bins.filter(([first]) => !Number.isNaN(first));
    expect(used.length).toBeGreaterThan(800);
    for (const [first, last] of used) {
      const middle = (first + last) / 2;
      expect(middleOf(binOf(first))).toBe(middle);
      expect(Math.abs(middle - first) / first).toBeLessThanOrEqual(0.01);
      expect(Math.abs(last - middle) / last).toBeLessThanOrEqual(0.01);
    }
  });

  it('never goes down while durations go up', () => {
    const durations = Array.from({ length: 20_000 }, (_, index) => index).concat(
      Array.from({ length: 20_000 }, (_, index) => Math.floor(1.0008 ** index)).filter((ms) => ms <= WEEK_MS),
    );
    const bins = durations.toSorted((a, b) => a - b).map(binOf);
    expect(bins.every((bin, index) => index === 0 || bin >= (bins[index - 1] ?? 0))).toBe(true);
  });

  it('has a bin for what took no millisecond, and fits a week into a small number', () => {
    expect(binOf(0)).toBe(0);
    expect(binOf(0.5)).toBe(0);
    expect(binOf(1)).toBe(1);
    expect(binOf(WEEK_MS)).toBeLessThan(2048);
  });
});

describe('rollUpsOf', () => {
  const created = (changes = {}): Decision => Task.create(draft(changes), TASK_ID, ACTOR, NOW);
  const fold = (
    before: Task | null,
    decisions: readonly Decision[],
    place: Place = { seq: 5, groupId: 3, keyId: null },
  ): ReturnType<typeof rollUpsOf> => {
    const after = decisions.at(-1)?.task;
    const changes: Change[] = after === undefined ? [] : [{ ...place, before, after }];
    const transitions: LoggedTransition[] = decisions.flatMap(({ effects }) =>
      effects.map((transition) => ({ seq: place.seq, transition })),
    );
    return rollUpsOf(changes, transitions);
  };

  it('counts a new task in its group and in the sum of all', () => {
    expect(fold(null, [created({ priority: 8 })])).toEqual({
      counts: [
        { groupId: 0, status: 0, rank: 2, tasks: 1, processingMs: 0 },
        { groupId: 3, status: 0, rank: 2, tasks: 1, processingMs: 0 },
      ],
      ready: [{ groupId: 3, ready: 1 }],
      blocks: [{ rank: 2, block: 0, ready: 1 }],
      types: [{ kbId: '', taskType: 'agent_prompt', status: 0, tasks: 1, processingMs: 0 }],
      minutes: [expect.objectContaining({ at: MINUTE, created: 1, claimed: 0, completed: 0 })],
      hours: [expect.objectContaining({ at: HOUR, created: 1, claimed: 0, completed: 0 })],
      times: [],
      workers: [],
      keys: [],
    });
  });

  it('does not count a scheduled task as ready before it is due', () => {
    const { task } = created({ availableAt: NOW + 1 });
    expect(fold(null, [created({ availableAt: NOW + 1 })])).toMatchObject({ ready: [], blocks: [] });
    const due = { task: task.becomeDue(NOW + 1), effects: [] };
    expect(fold(task, [due])).toEqual({
      ...NOTHING,
      ready: [{ groupId: 3, ready: 1 }],
      blocks: [{ rank: 5, block: 0, ready: 1 }],
    });
  });

  it.each([
    [1023, 0],
    [1024, 1],
    [5_000_000_000, 4_882_812],
  ])('puts task %i into block %i of the queue', (seq, block) => {
    expect(fold(null, [created()], { seq, groupId: 3, keyId: null }).blocks).toEqual([
      { rank: 5, block, ready: 1 },
    ]);
  });

  it('counts how long a completed task took, from its claim on', () => {
    const { task } = created();
    const claimed = task.claim(terms(), ACTOR, NOW);
    const completed = claimed.task.complete(null, {}, ACTOR, NOW + 1_500);
    const { counts, types, minutes, times } = fold(claimed.task, [completed]);
    expect(counts).toContainEqual({ groupId: 0, status: 1, rank: 5, tasks: -1, processingMs: 0 });
    expect(counts).toContainEqual({ groupId: 3, status: 2, rank: 5, tasks: 1, processingMs: 1_500 });
    expect(minutes).toEqual([expect.objectContaining({ completed: 1, processingMs: 1_500 })]);
    const bin = binOf(1_500);
    expect(times).toEqual([
      { taskType: '', spanMs: 60_000, start: MINUTE, bin, tasks: 1 },
      { taskType: '', spanMs: 3_600_000, start: HOUR, bin, tasks: 1 },
      { taskType: '', spanMs: 86_400_000, start: DAY, bin, tasks: 1 },
      { taskType: 'agent_prompt', spanMs: 0, start: 0, bin, tasks: 1 },
    ]);
    expect(types).toContainEqual({
      ...{ kbId: '', taskType: 'agent_prompt', status: 2 },
      ...{ tasks: 1, processingMs: 1_500 },
    });
  });

  it('never counts less than nothing, though the clock was set back', () => {
    const claimed = created().task.claim(terms(), ACTOR, NOW);
    const { counts, times } = fold(claimed.task, [claimed.task.complete(null, {}, ACTOR, NOW - 1_000)]);
    expect(counts.map(({ processingMs }) => processingMs)).toEqual([0, 0, 0, 0]);
    expect(times.map(({ bin }) => bin)).toEqual([0, 0, 0, 0]);
  });

  it('tells what a group did in each minute', () => {
    const { task, effects } = created({ maxRetries: 3 });
    const steps: Decision[] = [{ task, effects }];
    const step = (decide: (current: Task) => Decision): void => {
      steps.push(decide(steps.at(-1)?.task ?? task));
    };
    step((current) => current.claim(terms(), ACTOR, NOW));
    step((current) => current.release(null, {}, ACTOR, NOW));
    step((current) => current.claim(terms(), ACTOR, NOW));
    step((current) => current.fail(failure(), {}, RETRY, ACTOR, NOW));
    step((current) => current.retry(ACTOR, NOW));
    step((current) => current.claim(terms(), ACTOR, NOW));
    step((current) => current.expire(NOW));
    step((current) => current.cancel(null, true, ACTOR, NOW + 60_000));
    const { minutes, hours } = fold(null, steps);
    const none = {
      created: 0,
      claimed: 0,
      completed: 0,
      failed: 0,
      cancelled: 0,
      retried: 0,
      processingMs: 0,
    };
    expect(minutes).toEqual([
      { ...none, at: MINUTE, created: 1, claimed: 3, failed: 1, retried: 2 },
      { ...none, at: MINUTE + 60_000, cancelled: 1 },
    ]);
    expect(hours).toEqual([
      { ...none, at: HOUR, created: 1, claimed: 3, failed: 1, retried: 2, cancelled: 1 },
    ]);
  });

  it('leaves out what comes to nothing', () => {
    const { task } = created();
    const claimed = task.claim(terms(), ACTOR, NOW);
    const released = claimed.task.release(null, {}, ACTOR, NOW);
    expect(fold(task, [claimed, released])).toMatchObject({ counts: [], ready: [], blocks: [], times: [] });
    expect(rollUpsOf([], [])).toEqual(NOTHING);
  });

  describe('of workers', () => {
    const RETRY_AT_ONCE = { ...RETRY, baseMs: 0 };
    const claimed = (): Task => created().task.claim(terms(), ACTOR, NOW).task;
    const workersAfter = (before: Task, ...decisions: readonly Decision[]): unknown =>
      fold(before, decisions).workers;
    const nothing = { name: 'worker-1', claimed: 0, completed: 0, failed: 0, lost: 0, processingMs: 0 };

    it.each<[string, (task: Task) => Decision, object]>([
      [
        'a completion',
        (task) => task.complete(null, {}, ACTOR, NOW + 700),
        { completed: 1, processingMs: 700 },
      ],
      ['a failure', (task) => task.fail(failure(), {}, RETRY, ACTOR, NOW + 700), { failed: 1 }],
      ['a release', (task) => task.release(null, {}, ACTOR, NOW + 700), {}],
      ['a renewal', (task) => task.renew({}, {}, NOW + 700), {}],
    ])('hears of one by %s', (_, decide, counted) => {
      const before = claimed();
      expect(workersAfter(before, decide(before))).toEqual([{ ...nothing, seenAt: NOW + 700, ...counted }]);
    });

    it.each<[string, (task: Task) => Decision]>([
      ['expired', (task) => task.expire(NOW + 700)],
      ['timed out', (task) => task.timeOut(RETRY, NOW + 700)],
    ])('counts as lost what %s, and takes it for no sign of life', (_, decide) => {
      const before = claimed();
      expect(workersAfter(before, decide(before))).toEqual([{ ...nothing, seenAt: 0, lost: 1 }]);
    });

    it('counts a failure that goes back by itself', () => {
      const before = created({ autoRetry: true }).task.claim(terms(), ACTOR, NOW).task;
      const decision = before.fail(failure(), {}, RETRY_AT_ONCE, ACTOR, NOW + 700);
      expect(workersAfter(before, decision)).toEqual([{ ...nothing, seenAt: NOW + 700, failed: 1 }]);
    });

    it('does not hear of one who was cancelled, retried, or gave no name', () => {
      const cancelled = claimed().cancel(null, true, ACTOR, NOW + 700);
      const failed = claimed().fail(failure(), {}, RETRY, ACTOR, NOW).task;
      const nameless = created().task.claim(terms({ workerId: null }), ACTOR, NOW);
      expect(workersAfter(claimed(), cancelled)).toEqual([]);
      expect(workersAfter(failed, failed.retry(ACTOR, NOW + 700))).toEqual([]);
      expect(workersAfter(created().task, nameless)).toEqual([]);
    });

    it('names them in one order, however the group came by them', () => {
      const names = ['b', 'c', 'a'];
      const claims = names.map((workerId, index) =>
        created().task.claim(terms({ workerId }), ACTOR, NOW + index),
      );
      const changes = claims.map(({ task }, seq) => ({
        seq,
        groupId: 3,
        keyId: null,
        before: created().task,
        after: task,
      }));
      const transitions = claims.flatMap(({ effects }, seq) =>
        effects.map((transition) => ({ seq, transition })),
      );
      expect(rollUpsOf(changes, transitions).workers.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    });
  });
});
