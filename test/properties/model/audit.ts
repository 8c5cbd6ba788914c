import type { HistoryEntry } from '@task/application';
import { TASK_STATUSES, type Task } from '@task/domain';
import { check } from '../../support/checker';
import type { ModelQueue } from './model-queue';
import type { ModelTask } from './model-task';
import type { RealQueue } from './real-queue';

const ABOUT_CLIENTS = ['lost', 'unexpected', 'overtaken'];

/** Compares all that a store tells with what the model says, after each command. */
export async function audit(model: ModelQueue, real: RealQueue): Promise<void> {
  const tasks = [...(await real.queue.all())].sort((left, right) => (left.id < right.id ? -1 : 1));
  const now = await real.now();
  for (const [index, task] of tasks.entries()) adopt(model.tasks[index], task, now);
  const hasClock = real.clock !== undefined;
  expect(tasks.map((task) => shownOf(task, hasClock))).toEqual(
    model.tasks.map((task) => expectedOf(task, hasClock)),
  );
  const log = await wholeLog(real);
  expect(log.map(eventOf)).toEqual(model.events.map((event, index) => ({ eventId: index + 1, ...event })));
  expectSound(tasks, log);
  expect(await real.parts.tasks.countByStatus()).toEqual(recount(tasks));
}

/** What is too slow to be looked at after each command. */
export async function auditAtEnd(model: ModelQueue, real: RealQueue): Promise<void> {
  const { tasks, workers, events } = real.parts;
  const line = model.line().map(({ id }) => id);
  const log = await wholeLog(real);
  for (const { id } of model.tasks) {
    expect(await tasks.placeInLine(id)).toBe(line.indexOf(id) + 1);
    expect(await tasks.history(id)).toEqual(log.filter(({ taskId }) => taskId === id));
  }
  const due = model.tasks.flatMap(({ gate, availableAt }) =>
    gate === 'scheduled' ? [availableAt ?? 0] : [],
  );
  expect(await tasks.nextDueAt()).toBe(due.length === 0 ? null : Math.min(...due));
  expect(await events.bounds()).toEqual({ oldest: Math.min(1, log.length), newest: log.length });
  for (const { workerId, claimed, completed, failed, lost, holds } of (await workers.list(100, 0)).workers) {
    const own = log.filter((event) => event.workerId === workerId);
    const count = (...commands: readonly string[]): number =>
      own.filter(({ command }) => commands.includes(command)).length;
    expect([workerId, claimed, completed, failed, lost]).toEqual([
      ...[workerId, count('claim'), count('complete'), count('fail'), count('expire', 'time_out')],
    ]);
    const held = model.tasks.filter(
      ({ status, lease }) => status === 'working' && lease?.worker === workerId,
    );
    expect(holds.map(({ taskId }) => taskId).sort()).toEqual(held.map(({ id }) => id).sort());
  }
}

/** A scheduled task that is due may be ready already or not: either is right, and the model follows. */
function adopt(expected: ModelTask | undefined, { state }: Task, now: number): void {
  if (expected?.status !== 'waiting' || state.status !== 'waiting') return;
  const isDue = expected.availableAt !== null && expected.availableAt <= now;
  if (isDue && (state.gate === 'ready' || state.gate === 'scheduled')) expected.gate = state.gate;
}

function shownOf({ id, state }: Task, hasClock: boolean): object {
  const { status, gate, version, retryCount, lease, result, availableAt } = state;
  const { attempt, token, workerId, endedBy } = lease ?? {};
  const times = { expiresAt: lease?.expiresAt, timeoutAt: lease?.timeoutAt, availableAt };
  return {
    ...{ id, status, gate, version, retryCount, result: result?.text ?? null },
    ...{ attempt, token, workerId, endedBy },
    ...(hasClock && times),
  };
}

function expectedOf(task: ModelTask, hasClock: boolean): object {
  const { id, status, gate, version, retryCount, lease, result, availableAt } = task;
  const { attempt, token, worker: workerId, endedBy } = lease ?? {};
  const times = { expiresAt: lease?.expiresAt, timeoutAt: lease?.timeoutAt, availableAt };
  return {
    ...{ id, status, gate, version, retryCount, result },
    ...{ attempt, token, workerId, endedBy },
    ...(hasClock && times),
  };
}

function eventOf({ eventId, taskId, command, from, to, version, attempt, workerId }: HistoryEntry): object {
  return { eventId, taskId, command, from, to, version, attempt, workerId };
}

/** The rules of every store, whatever the model says. */
function expectSound(tasks: readonly Task[], transitions: readonly HistoryEntry[]): void {
  const observed = tasks.map(({ id, attempt, state: { status, version, retryCount } }) => ({
    ...{ id, status, version, attempt, retryCount },
  }));
  const findings = check([], { tasks: observed, transitions });
  expect(findings.filter(({ kind }) => !ABOUT_CLIENTS.includes(kind))).toEqual([]);
  for (const { state } of tasks) {
    expect(state.lease !== null && state.lease.endedBy === null).toBe(state.status === 'working');
    expect(state.gate !== null).toBe(state.status === 'waiting');
    expect(state.retryCount).toBeLessThanOrEqual(state.maxRetries);
  }
}

function recount(tasks: readonly Task[]): object {
  return Object.fromEntries(
    TASK_STATUSES.map((status) => [status, tasks.filter((task) => task.status === status).length]),
  );
}

async function wholeLog(real: RealQueue): Promise<readonly HistoryEntry[]> {
  const { events, hasMore } = await real.parts.events.read(0, 1000, {});
  expect(hasMore).toBe(false);
  return events;
}
