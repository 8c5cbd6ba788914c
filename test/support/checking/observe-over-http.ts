import type { TaskCommand, TaskStatus } from '@task/domain';
import type { RecordedClient } from '../recorded-client';
import type { Observed, ObservedTask, ObservedTransition } from './observed';

interface Row {
  readonly task_id: string;
  readonly status: TaskStatus;
  readonly version: number;
  readonly attempt: number;
  readonly retry_count: number;
}

interface Page {
  readonly tasks: readonly Row[];
  readonly pagination: { readonly next_cursor: string | null };
}

interface HistoryRow {
  readonly event_id: number;
  readonly task_id: string;
  readonly type: string;
  readonly from: TaskStatus | null;
  readonly to: TaskStatus;
  readonly version: number;
  readonly attempt: number;
  readonly worker_id: string | null;
  readonly at: string;
}

/** What the service calls each command, written a second time. */
const COMMANDS: Readonly<Record<string, TaskCommand>> = {
  'task.created': 'create',
  'task.claimed': 'claim',
  'task.completed': 'complete',
  'task.failed': 'fail',
  'task.cancelled': 'cancel',
  'task.released': 'release',
  'task.expired': 'expire',
  'task.timed_out': 'time_out',
  'task.retried': 'retry',
};

/** Reads all that a service holds, as any client could. @param clients read the histories side by side */
export async function observeOverHttp(
  clients: readonly [RecordedClient, ...RecordedClient[]],
): Promise<Observed> {
  const tasks = await readTasks(clients[0]);
  const histories = new Map<string, readonly ObservedTransition[]>();
  const left = tasks.values();
  await Promise.all(
    clients.map(async (client) => {
      for (const { id } of left) histories.set(id, await readHistory(client, id));
    }),
  );
  return { tasks, transitions: tasks.flatMap(({ id }) => histories.get(id) ?? []) };
}

async function readTasks(client: RecordedClient): Promise<ObservedTask[]> {
  const tasks: ObservedTask[] = [];
  const path = '/api/v1/tasks?limit=1000&sort_order=asc';
  for (let cursor: string | null = ''; cursor !== null;) {
    const page = (await client.read(cursor === '' ? path : `${path}&cursor=${cursor}`)) as Page;
    tasks.push(...page.tasks.map(taskOf));
    cursor = page.pagination.next_cursor;
  }
  return tasks;
}

function taskOf({ task_id: id, status, version, attempt, retry_count: retryCount }: Row): ObservedTask {
  return { id, status, version, attempt, retryCount };
}

async function readHistory(client: RecordedClient, id: string): Promise<ObservedTransition[]> {
  const { history } = (await client.read(`/api/v1/tasks/${id}/history`)) as {
    history: readonly HistoryRow[];
  };
  return history.map(transitionOf);
}

function transitionOf(row: HistoryRow): ObservedTransition {
  const { event_id: eventId, task_id: taskId, type, from, to, version, attempt, worker_id: workerId } = row;
  const command = COMMANDS[type];
  if (command === undefined) throw new Error(`event ${eventId} is of an unknown type: ${type}`);
  return { eventId, taskId, command, from, to, version, attempt, workerId, at: Date.parse(row.at) };
}
