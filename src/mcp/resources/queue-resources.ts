import type { ReadResourceResult, Resource, ResourceTemplateType } from '@modelcontextprotocol/server';
import {
  Clock,
  ExplainClaims,
  GetTaskHistory,
  ReadDependencies,
  TaskStore,
  type HistoryEntry,
} from '@task/application';
import { TaskNotFound } from '@task/domain';
import { dependsOnView } from '../views/dependency-views';
import { iso, wholeTask } from '../views/task-views';

const STATUS_URI = 'queue://status';
const TASK_URI = /^task:\/\/([^/]+)(\/history)?$/;
const JSON_TYPE = 'application/json';

/** What can be read without knowing an id. */
export const RESOURCES: readonly Resource[] = [
  {
    uri: STATUS_URI,
    name: 'queue_status',
    title: 'Queue status',
    description: 'How many tasks are in each status',
    mimeType: JSON_TYPE,
  },
];

/** What can be read of each task, whole however long it is. */
export const TEMPLATES: readonly ResourceTemplateType[] = [
  {
    uriTemplate: 'task://{id}',
    name: 'task',
    title: 'Task',
    description: 'A task with everything that is known of it',
    mimeType: JSON_TYPE,
  },
  {
    uriTemplate: 'task://{id}/history',
    name: 'task_history',
    title: 'History of a task',
    description: 'What happened to a task, oldest first',
    mimeType: JSON_TYPE,
  },
];

/** The queue as resources. */
export class QueueResources {
  constructor(
    private readonly tasks: TaskStore,
    private readonly getTaskHistory: GetTaskHistory,
    private readonly explainClaims: ExplainClaims,
    private readonly clock: Clock,
    private readonly readDependencies: ReadDependencies,
  ) {}

  /** @returns null for what there is not */
  async read(uri: string): Promise<ReadResourceResult | null> {
    const value = uri === STATUS_URI ? await this.status() : await this.ofTask(TASK_URI.exec(uri));
    if (value === null) return null;
    return { contents: [{ uri, mimeType: JSON_TYPE, text: JSON.stringify(value) }] };
  }

  private async status(): Promise<object> {
    return (await this.explainClaims.execute({})).counts;
  }

  private async ofTask(parts: RegExpExecArray | null): Promise<object | null> {
    const [, taskId, history] = parts ?? [];
    if (taskId === undefined) return null;
    return history === undefined ? this.task(taskId) : this.history(taskId);
  }

  private async task(taskId: string): Promise<object | null> {
    const task = await this.tasks.find(taskId);
    if (task === null) return null;
    const placeInLine = task.status === 'waiting' ? await this.tasks.placeInLine(taskId) : null;
    const dependencies = await this.readDependencies.dependenciesOf(task);
    return { ...wholeTask(task, placeInLine, this.clock.now()), ...dependsOnView(dependencies) };
  }

  private async history(taskId: string): Promise<object | null> {
    try {
      const entries = await this.getTaskHistory.execute({ taskId });
      return { task_id: taskId, history: entries.map(entryOf) };
    } catch (error) {
      if (error instanceof TaskNotFound) return null;
      throw error;
    }
  }
}

function entryOf(entry: HistoryEntry): object {
  const { eventId: event_id, workerId: worker_id, command, from, to, attempt, version, at, details } = entry;
  return { event_id, command, from, to, worker_id, attempt, version, at: iso(at), details };
}
