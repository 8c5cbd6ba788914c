import { InMemoryTaskStore } from '@task/infrastructure';
import { NOW } from './builders';
import { check, expectSound } from './checker';
import { checkDrain } from './checking/check-order';
import type { FindingKind } from './checking/finding';
import { observeStore, type Observed, type ObservedTransition } from './checking/observed';
import { uuid } from './counted-ids';
import { FixedClock } from './fixed-clock';
import { RecordedQueue } from './recorded-queue';
import { Recorder, type Operation } from './recorder';
import { TestQueue } from './test-queue';

/** What clients were told, and what is there. */
interface Run {
  readonly log: readonly Operation[];
  readonly observed: Observed;
}

const COMPLETED = uuid(1);
const CANCELLED = uuid(2);
const WAITING = uuid(3);
const STRANGER = uuid(99);
/** Behind the end of every lease. */
const LATER = NOW + 365 * 24 * 60 * 60 * 1000;

/** One task completed; one failed, retried, released and cancelled; one that waits. */
async function soundRun(): Promise<Run> {
  const store = new InMemoryTaskStore(new FixedClock());
  const recorder = new Recorder();
  const queue = new RecordedQueue(new TestQueue(store), recorder);
  await queue.create(9);
  await queue.create(6);
  await queue.create(3);
  const first = await claimed(queue);
  const second = await claimed(queue);
  await queue.complete(first);
  await queue.complete(first);
  await queue.retry(await queue.fail(second));
  await queue.release(await claimed(queue));
  await queue.cancel(second);
  return { log: recorder.log, observed: await observeStore(store) };
}

async function claimed(
  queue: RecordedQueue,
): Promise<NonNullable<Awaited<ReturnType<RecordedQueue['claim']>>>> {
  const task = await queue.claim();
  if (task === null) throw new Error('nothing to claim');
  return task;
}

function kindsIn({ log, observed }: Run): FindingKind[] {
  return [...new Set(check(log, observed).map(({ kind }) => kind))].sort();
}

function operation(changes: Partial<Operation> & Pick<Operation, 'kind' | 'outcome'>): Operation {
  return { start: 1000, end: 1001, ...changes };
}

function without(run: Run, taskId: string): Run {
  const { tasks, transitions } = run.observed;
  return {
    ...run,
    observed: {
      tasks: tasks.filter(({ id }) => id !== taskId),
      transitions: transitions.filter((row) => row.taskId !== taskId),
    },
  };
}

function withTransitions(run: Run, change: (row: ObservedTransition) => ObservedTransition[]): Run {
  return { ...run, observed: { ...run.observed, transitions: run.observed.transitions.flatMap(change) } };
}

function withTask(run: Run, taskId: string, changes: Partial<Observed['tasks'][number]>): Run {
  const tasks = run.observed.tasks.map((task) => (task.id === taskId ? { ...task, ...changes } : task));
  return { ...run, observed: { ...run.observed, tasks } };
}

function withOperations(run: Run, ...more: Operation[]): Run {
  return { ...run, log: [...run.log, ...more] };
}

/** A row behind all others, by which a task went on. */
function withRow(run: Run, row: Omit<ObservedTransition, 'eventId' | 'workerId' | 'at'>): Run {
  const { tasks, transitions } = run.observed;
  const eventId = Math.max(...transitions.map((one) => one.eventId)) + 1;
  const changed = tasks.map((task) =>
    task.id === row.taskId ? { ...task, status: row.to, version: row.version, attempt: row.attempt } : task,
  );
  return {
    ...run,
    observed: {
      tasks: changed,
      transitions: [...transitions, { ...row, eventId, workerId: null, at: LATER }],
    },
  };
}

function withStranger(run: Run): Run {
  const task = { id: STRANGER, status: 'waiting', version: 0, attempt: 0, retryCount: 0 } as const;
  const added = { ...run, observed: { ...run.observed, tasks: [...run.observed.tasks, task] } };
  return withRow(added, {
    taskId: STRANGER,
    command: 'create',
    from: null,
    to: 'waiting',
    version: 1,
    attempt: 0,
  });
}

describe('check', () => {
  let sound: Run;
  beforeEach(async () => {
    sound = await soundRun();
  });

  it('finds nothing in a sound run', () => {
    expect(check(sound.log, sound.observed)).toEqual([]);
    expect(() => expectSound(sound.log, sound.observed)).not.toThrow();
  });

  describe('what was acknowledged', () => {
    it('finds a lost task', () => {
      const findings = check(sound.log, without(sound, WAITING).observed);
      expect(findings).toContainEqual({
        kind: 'lost',
        taskId: WAITING,
        says: 'create of a task that is gone',
      });
    });

    it('finds a lost transition, also where the rest of the store agrees', () => {
      const rolledBack = withTransitions(sound, (row) => (row.command === 'complete' ? [] : [row]));
      const planted = withTask(rolledBack, COMPLETED, { status: 'working', version: 2 });
      const says = `complete ${COMPLETED}: 1 acknowledged, 0 in its history`;
      expect(check(planted.log, planted.observed)).toContainEqual({ kind: 'lost', taskId: COMPLETED, says });
    });

    it('finds a write of an old holder that was let in', () => {
      const late = { kind: 'complete', taskId: CANCELLED, token: 'token-3' } as const;
      const planted = withRow(
        withOperations(sound, operation({ ...late, outcome: { is: 'ok', attempt: 2 } })),
        {
          taskId: CANCELLED,
          command: 'complete',
          from: 'cancelled',
          to: 'completed',
          version: 8,
          attempt: 3,
        },
      );
      expect(kindsIn(planted)).toContain('stale_holder');
    });

    it('counts a repeat by the same token once', () => {
      expect(sound.log.filter(({ kind }) => kind === 'complete')).toHaveLength(2);
      expect(kindsIn(sound)).toEqual([]);
    });

    it('counts a repeat with the same key once', () => {
      const log = sound.log.flatMap((one) => {
        const keyed = { ...one, key: 'k' };
        return one.kind === 'retry' ? [keyed, { ...keyed }] : [one];
      });
      expect(log).toHaveLength(sound.log.length + 1);
      expect(kindsIn({ ...sound, log })).toEqual([]);
    });

    it('believes the one answer among repeats that got none', () => {
      const silent = { is: 'unknown', cause: 'hung up' } as const;
      const log = sound.log.flatMap((one) =>
        one.kind === 'complete' || one.kind === 'claim' ? [{ ...one, outcome: silent }, one] : [one],
      );
      expect(kindsIn({ ...sound, log })).toEqual([]);
      const rolledBack = withTransitions({ ...sound, log }, (row) =>
        row.command === 'complete' ? [] : [row],
      );
      expect(kindsIn(withTask(rolledBack, COMPLETED, { status: 'working', version: 2 }))).toContain('lost');
    });

    it('asks nothing of a claim that got nothing', () => {
      expect(kindsIn(withOperations(sound, operation({ kind: 'claim', outcome: { is: 'ok' } })))).toEqual([]);
    });

    it('finds a second retry that was acknowledged and is not there', () => {
      const again = operation({ kind: 'retry', taskId: CANCELLED, outcome: { is: 'ok' } });
      expect(kindsIn(withOperations(sound, again))).toContain('lost');
    });
  });

  describe('what nobody asked for', () => {
    it('finds a task too many', () => {
      expect(kindsIn(withStranger(sound))).toEqual(['unexpected']);
    });

    it('finds the task of a creation that was refused', () => {
      const refused = operation({ kind: 'create', outcome: { is: 'refused', code: 'queue.full' } });
      expect(kindsIn(withOperations(withStranger(sound), refused))).toEqual(['unexpected']);
    });

    it('lets a creation without an answer have happened, or not', () => {
      const unanswered = operation({ kind: 'create', outcome: { is: 'unknown', cause: '503' } });
      expect(kindsIn(withOperations(withStranger(sound), unanswered))).toEqual([]);
      expect(kindsIn(withOperations(sound, unanswered))).toEqual([]);
    });

    const cancelled = {
      taskId: WAITING,
      command: 'cancel',
      from: 'waiting',
      to: 'cancelled',
      version: 2,
      attempt: 0,
    } as const;

    it('finds a transition that nobody asked for', () => {
      expect(kindsIn(withRow(sound, cancelled))).toEqual(['unexpected']);
    });

    it('lets a cancellation of this task without an answer have happened, but none of another', () => {
      const of = (taskId: string): Operation =>
        operation({ kind: 'cancel', taskId, outcome: { is: 'unknown', cause: 'hung up' } });
      expect(kindsIn(withOperations(withRow(sound, cancelled), of(WAITING)))).toEqual([]);
      expect(kindsIn(withOperations(withRow(sound, cancelled), of(COMPLETED)))).toEqual(['unexpected']);
    });

    it('lets the service give back what a claim without an answer took', () => {
      const row = { taskId: WAITING, attempt: 1 } as const;
      const taken = withRow(sound, { ...row, command: 'claim', from: 'waiting', to: 'working', version: 2 });
      const back = withRow(taken, { ...row, command: 'release', from: 'working', to: 'waiting', version: 3 });
      const unanswered = operation({ kind: 'claim', outcome: { is: 'unknown', cause: 'hung up' } });
      expect(kindsIn(withOperations(back, unanswered))).toEqual([]);
      expect(kindsIn(back)).toEqual(['unexpected']);
    });

    it('leaves the service its own commands', () => {
      const row = { taskId: WAITING, attempt: 1 } as const;
      const taken = withRow(sound, { ...row, command: 'claim', from: 'waiting', to: 'working', version: 2 });
      const expired = withRow(taken, {
        ...row,
        command: 'expire',
        from: 'working',
        to: 'waiting',
        version: 3,
      });
      const claim = operation({
        kind: 'claim',
        outcome: { is: 'ok', taskId: WAITING, attempt: 1, token: 'new' },
      });
      const planted = withTask(withOperations(expired, claim), WAITING, { retryCount: 1 });
      expect(kindsIn(planted)).toEqual([]);
    });
  });

  describe('what only one can have', () => {
    it('finds a task completed by two tokens', () => {
      const second = operation({
        kind: 'complete',
        taskId: COMPLETED,
        token: 'other',
        outcome: { is: 'ok' },
      });
      expect(kindsIn(withOperations(sound, second))).toContain('done_twice');
    });

    it('finds two completions in one history', () => {
      const row = { taskId: COMPLETED, command: 'complete', from: 'working', to: 'completed' } as const;
      expect(kindsIn(withRow(sound, { ...row, version: 4, attempt: 1 }))).toContain('done_twice');
    });

    it('finds one attempt handed to two callers', () => {
      const outcome = { is: 'ok', taskId: COMPLETED, attempt: 1, token: 'other' } as const;
      expect(kindsIn(withOperations(sound, operation({ kind: 'claim', outcome })))).toContain(
        'one_lease_twice',
      );
    });

    it('finds one token given twice', () => {
      const outcome = { is: 'ok', taskId: CANCELLED, attempt: 2, token: 'token-1' } as const;
      const log = sound.log.map((one) =>
        one.outcome.is === 'ok' && one.kind === 'claim' && one.outcome.attempt === 2
          ? { ...one, outcome }
          : one,
      );
      expect(kindsIn({ ...sound, log })).toContain('one_lease_twice');
    });
  });

  describe('what a lease promises', () => {
    const TOKEN = 'token-2';
    const late = (code: string): Operation =>
      operation({ kind: 'complete', taskId: CANCELLED, token: TOKEN, outcome: { is: 'refused', code } });

    it('finds a task that was taken before the end of its lease', () => {
      const early = withTransitions(sound, (row) =>
        row.taskId === CANCELLED && row.command === 'fail' ? [{ ...row, command: 'expire' }] : [row],
      );
      expect(kindsIn(early)).toContain('robbed');
      const inTime = withTransitions(early, (row) => [
        row.command === 'expire' ? { ...row, at: LATER } : row,
      ]);
      expect(kindsIn(inTime)).not.toContain('robbed');
    });

    it.each(['LEASE_LOST', 'task.lease_lost'])('finds a holder that is refused as %s for nothing', (code) => {
      expect(kindsIn(withOperations(sound, late(code)))).toEqual([]);
      const stillHeld = withTransitions(sound, (row) =>
        row.taskId === CANCELLED && row.attempt === 1 && row.command !== 'claim' ? [] : [row],
      );
      expect(kindsIn(withOperations(stillHeld, late(code)))).toContain('robbed');
      expect(kindsIn(withOperations(stillHeld, late('ALREADY_FINAL')))).not.toContain('robbed');
    });
  });

  describe('what the store tells of itself', () => {
    it('finds a transition outside the table', () => {
      const row = { taskId: WAITING, command: 'complete', from: 'waiting', to: 'completed' } as const;
      expect(kindsIn(withRow(sound, { ...row, version: 2, attempt: 0 }))).toContain('outside_table');
    });

    it('finds a creation that ends elsewhere than waiting', () => {
      const planted = withTransitions(sound, (row) => [
        row.command === 'create' ? { ...row, to: 'working' } : row,
      ]);
      expect(kindsIn(planted)).toContain('outside_table');
    });

    it.each([{ status: 'working' }, { version: 7 }, { attempt: 4 }, { retryCount: 3 }] as const)(
      'finds a task whose %j is not what its history makes it',
      (changes) => {
        expect(kindsIn(withTask(sound, COMPLETED, changes))).toEqual(['not_the_fold']);
      },
    );

    it('finds a transition that does not begin where the one before ended', () => {
      const planted = withTransitions(sound, (row) => [
        row.command === 'release' ? { ...row, from: 'failed' } : row,
      ]);
      expect(kindsIn(planted)).toContain('not_the_fold');
    });

    it.each([{ version: 9 }, { attempt: 9 }])('finds a row with the wrong %j', (changes) => {
      const planted = withTransitions(sound, (row) => [
        row.command === 'complete' ? { ...row, ...changes } : row,
      ]);
      expect(kindsIn(planted)).toContain('not_the_fold');
    });

    it('finds a history without a task', () => {
      const { tasks, transitions } = sound.observed;
      const planted = {
        ...sound,
        observed: { tasks: tasks.filter(({ id }) => id !== WAITING), transitions },
      };
      expect(kindsIn(planted)).toEqual(['lost', 'not_the_fold']);
    });

    it('finds a gap in the event ids', () => {
      const later = withTransitions(sound, (row) => [
        row.eventId < 5 ? row : { ...row, eventId: row.eventId + 1 },
      ]);
      expect(kindsIn(later)).toEqual(['event_ids']);
    });

    it('finds an event id that stands twice', () => {
      const planted = withTransitions(sound, (row) => [row.eventId === 2 ? { ...row, eventId: 1 } : row]);
      expect(kindsIn(planted)).toContain('event_ids');
    });

    it('finds a history that is told out of order', () => {
      const { transitions } = sound.observed;
      const planted = { ...sound, observed: { ...sound.observed, transitions: transitions.toReversed() } };
      expect(kindsIn(planted)).toContain('event_ids');
    });

    it('finds an operation that overtook one that had ended before it began', () => {
      const swapped: Readonly<Record<number, number>> = { 1: 2, 2: 1 };
      const planted = withTransitions(sound, (row) => [
        { ...row, eventId: swapped[row.eventId] ?? row.eventId },
      ]);
      expect(kindsIn(planted)).toEqual(['overtaken']);
    });
  });

  it('tells every finding with what was asked and what the history has', () => {
    const planted = withTask(sound, COMPLETED, { version: 7 });
    expect(() => expectSound(planted.log, planted.observed)).toThrow(
      /^1 findings in 12 operations, 3 tasks, 11 events\nnot_the_fold .+\n {4}asked \{"kind":"create".+"command":"complete"/s,
    );
  });

  it('cuts a long tale short', () => {
    const strangers = Array.from({ length: 25 }, (_, index) =>
      operation({ kind: 'create', outcome: { is: 'ok', taskId: uuid(1000 + index) } }),
    );
    const planted = withOperations(sound, ...strangers);
    expect(() => expectSound(planted.log, planted.observed)).toThrow(/… and 5 more$/);
  });
});

describe('checkDrain', () => {
  const row = { version: 1, workerId: null, at: NOW } as const;
  const created = (taskId: string, eventId: number): ObservedTransition => ({
    ...row,
    ...{ taskId, eventId, command: 'create', from: null, to: 'waiting', attempt: 0 },
  });
  const claim = (taskId: string, eventId: number): ObservedTransition => ({
    ...row,
    ...{ taskId, eventId, command: 'claim', from: 'waiting', to: 'working', attempt: 1 },
  });
  const arrivals = [created('a', 1), created('b', 2), created('c', 3)];
  const priorities = new Map([
    ['a', 5],
    ['b', 8],
    ['c', 5],
  ]);

  it('finds nothing where claims went by priority, then arrival', () => {
    const transitions = [...arrivals, claim('b', 4), claim('a', 5), claim('c', 6)];
    expect(checkDrain({ transitions }, priorities)).toEqual([]);
  });

  it.each([
    ['an urgent one', ['a', 'b', 'c']],
    ['an older one', ['b', 'c', 'a']],
  ])('finds a claim that passed over %s', (_, order) => {
    const transitions = [...arrivals, ...order.map((taskId, index) => claim(taskId, 4 + index))];
    expect(checkDrain({ transitions }, priorities)).toHaveLength(2);
  });

  it('leaves later attempts alone', () => {
    const transitions = [...arrivals, claim('b', 4), { ...claim('b', 5), attempt: 2 }, claim('a', 6)];
    expect(checkDrain({ transitions }, priorities)).toEqual([]);
  });
});
