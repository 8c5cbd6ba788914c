import { InMemoryTaskStore } from '@task/infrastructure';
import { NOW } from '../builders';
import { check } from '../checker';
import { uuid } from '../counted-ids';
import { FixedClock } from '../fixed-clock';
import { RecordedQueue } from '../recorded-queue';
import { Recorder, type Operation } from '../recorder';
import { TestQueue } from '../test-queue';
import type { FindingKind } from './finding';
import { observeStore, type Observed, type ObservedTransition } from './observed';

/** What clients were told, and what is there. */
export interface Run {
  readonly log: readonly Operation[];
  readonly observed: Observed;
}

/** The tasks of a sound run. */
export const COMPLETED = uuid(1);
export const CANCELLED = uuid(2);
export const WAITING = uuid(3);
const STRANGER = uuid(99);
/** Behind the end of every lease. */
export const LATER = NOW + 365 * 24 * 60 * 60 * 1000;

/** One task completed; one failed, retried, released and cancelled; one that waits. */
export async function soundRun(): Promise<Run> {
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

/** What the checker finds in a run. */
export function kindsIn({ log, observed }: Run): FindingKind[] {
  return [...new Set(check(log, observed).map(({ kind }) => kind))].sort();
}

/** Something that a client was told, after all of a sound run. */
export function operation(changes: Partial<Operation> & Pick<Operation, 'kind' | 'outcome'>): Operation {
  return { start: 1000, end: 1001, ...changes };
}

/** The run, but that the store has forgotten a task. */
export function without(run: Run, taskId: string): Run {
  const { tasks, transitions } = run.observed;
  return {
    ...run,
    observed: {
      tasks: tasks.filter(({ id }) => id !== taskId),
      transitions: transitions.filter((row) => row.taskId !== taskId),
    },
  };
}

/** The run with other rows in its histories. */
export function withTransitions(run: Run, change: (row: ObservedTransition) => ObservedTransition[]): Run {
  return { ...run, observed: { ...run.observed, transitions: run.observed.transitions.flatMap(change) } };
}

/** The run with a task that is otherwise in the store. */
export function withTask(run: Run, taskId: string, changes: Partial<Observed['tasks'][number]>): Run {
  const tasks = run.observed.tasks.map((task) => (task.id === taskId ? { ...task, ...changes } : task));
  return { ...run, observed: { ...run.observed, tasks } };
}

/** The run in which clients were told more. */
export function withOperations(run: Run, ...more: Operation[]): Run {
  return { ...run, log: [...run.log, ...more] };
}

/** A row behind all others, by which a task went on. */
export function withRow(run: Run, row: Omit<ObservedTransition, 'eventId' | 'workerId' | 'at'>): Run {
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

/** The run with a task in its store that nobody was told of. */
export function withStranger(run: Run): Run {
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
