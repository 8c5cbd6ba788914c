import {
  DEFAULT_MAX_RETRIES,
  DEFAULT_TASK_TYPE,
  QueueFull,
  requireMeaning,
  Task,
  type TaskDraft,
} from '@task/domain';
import type { Call } from '../call';
import type { Ids } from '../ports/ids';
import type { Policy } from '../ports/policy';
import type { TaskStore } from '../ports/task-store';

/** What a creator says; what is left out gets its default. Times are epoch ms. */
export type CreateTaskInput = Partial<TaskDraft>;

const DEFAULTS: TaskDraft = {
  taskType: DEFAULT_TASK_TYPE,
  workDirectory: null,
  kbId: null,
  prompt: null,
  payload: null,
  priority: 5,
  tags: [],
  metadata: null,
  availableAt: null,
  timeoutSeconds: null,
  maxRetries: DEFAULT_MAX_RETRIES,
  autoRetry: false,
};

/** Files a new task. Refuses what breaks a rule, a prompt that says nothing, and more than the queue may hold. */
export class CreateTask {
  constructor(
    private readonly tasks: TaskStore,
    private readonly ids: Ids,
    private readonly policy: Policy,
  ) {}

  async execute(input: CreateTaskInput, call: Call): Promise<Task> {
    const draft = { ...DEFAULTS, ...input };
    if (draft.prompt !== null) requireMeaning(draft.prompt, this.policy.promptMinWords);
    const id = this.ids.taskId();
    const [task] = await this.tasks.insert((now, waiting) => {
      const { maxWaiting } = this.policy;
      if (waiting + 1 > maxWaiting) throw new QueueFull(maxWaiting);
      return [Task.create(draft, id, call.actor, now)];
    }, call.signal);
    if (task === undefined) throw new Error('the store answered an insert with no task');
    return task;
  }
}
