import {
  DomainError,
  JsonDocument,
  Task,
  type Decision,
  type EpochMs,
  type Proof,
  type Transition,
} from '@task/domain';
import fc from 'fast-check';
import { ACTOR, draft, failure, NOW, TASK_ID, terms } from '../support/builders';
import { check } from '../support/checker';

/** Somebody's command at some time. */
type Command = (task: Task, now: EpochMs, proof: Proof) => Decision;

const retry = { baseMs: 1_000, capMs: 60_000, random: () => 0.5 };
const document = fc.constantFrom(null, JsonDocument.of(1), JsonDocument.of({ a: 1 }));

/** A command under the name by which a failing run tells of it. */
type NamedCommand = readonly [name: string, command: Command];
const named = (name: string, command: Command): NamedCommand => [name, command];

const commands: fc.Arbitrary<NamedCommand> = fc.oneof(
  fc.uuid().map((token) => named('claim', (task, now) => task.claim(terms({ token }), ACTOR, now))),
  document.map((result) => named('complete', (task, now, proof) => task.complete(result, proof, ACTOR, now))),
  fc
    .tuple(document, fc.boolean())
    .map(([result, retryable]) =>
      named('fail', (task, now, proof) =>
        task.fail(failure({ result, retryable }), proof, retry, ACTOR, now),
      ),
    ),
  fc.constant(named('release', (task, now, proof) => task.release(null, proof, ACTOR, now))),
  fc.boolean().map((force) => named('cancel', (task, now) => task.cancel(null, force, ACTOR, now))),
  fc.constant(named('retry', (task, now) => task.retry(ACTOR, now))),
  fc.constant(named('expire', (task, now) => task.expire(now))),
  fc.constant(named('time out', (task, now) => task.timeOut(retry, now))),
  fc.constant(named('renew', (task, now, proof) => task.renew({ progress: 50 }, proof, now))),
  fc.constant(named('become due', (task, now) => ({ task: task.becomeDue(now), effects: [] }))),
);

interface Step {
  readonly name: string;
  readonly command: Command;
  readonly waitMs: number;
  /** Whose token is shown: 0 the latest, then those before; -1 shows none. */
  readonly holder: number;
}

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc
    .tuple(commands, fc.constantFrom(0, 1, 1_000, 100_000), fc.integer({ min: -1, max: 3 }))
    .map(([[name, command], waitMs, holder]) => ({ name, command, waitMs, holder, toString: () => name })),
  { minLength: 1, maxLength: 60, size: 'max' },
);

const drafts = fc.record({
  autoRetry: fc.boolean(),
  maxRetries: fc.integer({ min: 0, max: 4 }),
  availableAt: fc.constantFrom(null, NOW + 500),
  timeoutSeconds: fc.constantFrom(null, 60),
});

/** One task's life: what it was after each step, and all it left in its history. */
interface Life {
  readonly states: readonly {
    readonly before: Task;
    readonly after: Task;
    readonly effects: readonly Transition[];
  }[];
  readonly last: Task;
  readonly history: readonly Transition[];
}

function live(changes: Parameters<typeof draft>[0], all: readonly Step[]): Life {
  const created = Task.create(draft(changes), TASK_ID, ACTOR, NOW);
  const states: Life['states'][number][] = [];
  const history = [...created.effects];
  const tokens: string[] = [];
  let [task, now] = [created.task, NOW];
  for (const { command, waitMs, holder } of all) {
    now += waitMs;
    const leaseToken = tokens.at(-1 - holder);
    const decision = decided(() => command(task, now, holder < 0 ? {} : { leaseToken }));
    if (decision === null) continue;
    states.push({ before: task, after: decision.task, effects: decision.effects });
    history.push(...decision.effects);
    task = decision.task;
    const token = task.state.lease?.token;
    if (token !== undefined && token !== tokens.at(-1)) tokens.push(token);
  }
  return { states, last: task, history };
}

/** Null for a refusal: nothing happened. */
function decided(decide: () => Decision): Decision | null {
  try {
    return decide();
  } catch (error) {
    if (error instanceof DomainError) return null;
    throw error;
  }
}

const holds = (claim: (life: Life) => void): void => {
  fc.assert(
    fc.property(drafts, steps, (changes, all) => claim(live(changes, all))),
    { numRuns: 500 },
  );
};

describe('whatever is done to a task, in whatever order', () => {
  it('it never leaves the table, and it is the fold of its history', () => {
    holds(({ last, history }) => {
      const transitions = history.map((row, index) => ({ ...row, eventId: index + 1, taskId: TASK_ID }));
      const { status, version, retryCount } = last.state;
      const task = { id: TASK_ID, status, version, attempt: last.attempt, retryCount };
      const mine = ['outside_table', 'not_the_fold', 'event_ids', 'done_twice'];
      const findings = check([], { tasks: [task], transitions }).filter(({ kind }) => mine.includes(kind));
      expect(findings).toEqual([]);
    });
  });

  it('its version counts its transitions', () => {
    holds(({ last, states, history }) => {
      expect(last.state.version).toBe(history.length);
      for (const { before, after, effects } of states) {
        expect(after.state.version - before.state.version).toBe(effects.length);
      }
    });
  });

  it('it has a gate while it waits, and an open lease while it works, and neither otherwise', () => {
    holds(({ states }) => {
      for (const { after } of states) {
        const { status, gate, lease } = after.state;
        expect(gate !== null).toBe(status === 'waiting');
        expect(lease !== null && lease.endedBy === null).toBe(status === 'working');
      }
    });
  });

  it('it is never retried more often than it may be', () => {
    holds(({ states }) => {
      for (const { after } of states) {
        expect(after.state.retryCount).toBeLessThanOrEqual(after.state.maxRetries);
      }
    });
  });

  it('it has the time of its end exactly when it has ended', () => {
    holds(({ states }) => {
      for (const { after } of states) {
        const { status, completedAt, cancelledAt } = after.state;
        expect(cancelledAt !== null).toBe(status === 'cancelled');
        if (status !== 'cancelled')
          expect(completedAt !== null).toBe(status === 'completed' || status === 'failed');
      }
    });
  });

  it('nothing moves it on from its end', () => {
    holds(({ states }) => {
      for (const { before, after } of states) {
        if (!['completed', 'cancelled'].includes(before.status)) continue;
        expect(after.state).toEqual(before.state);
      }
    });
  });

  it('what its creator said stays as it was, but for when it is available', () => {
    holds(({ states }) => {
      for (const { before, after } of states) {
        const { taskType, prompt, priority, maxRetries, autoRetry, createdAt, createdBy } = before.state;
        expect(after.state).toMatchObject({
          taskType,
          prompt,
          priority,
          maxRetries,
          autoRetry,
          createdAt,
          createdBy,
        });
      }
    });
  });

  it('only the latest token of a task that works is let in', () => {
    holds(({ states }) => {
      for (const { before, after, effects } of states) {
        const [row] = effects;
        if (row === undefined || !['complete', 'fail', 'release'].includes(row.command)) continue;
        expect(before.status).toBe('working');
        expect(after.state.lease).toMatchObject({ token: before.state.lease?.token, endedBy: row.command });
        expect(row.attempt).toBe(before.attempt);
      }
    });
  });
});
