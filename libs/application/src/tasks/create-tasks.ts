import {
  DEFAULT_MAX_RETRIES,
  DEFAULT_TASK_TYPE,
  DomainError,
  QueueFull,
  requireMeaning,
  Task,
  type TaskDraft,
} from '@task/domain';
import type { Call } from '../call';
import type { MemoryGuard } from '../health/memory-guard';
import type { Ids } from '../ports/ids';
import type { Policy } from '../ports/policy';
import type { TaskStore } from '../ports/task-store';
import { underTerms, type CreationTerms } from './creation-terms';

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

/**
 * Files new tasks, all or none, in the order given. Refuses what breaks a rule, a payload that its type does not take, a
 * prompt that says nothing, more than the queue may hold, and all of them while memory is short. A refusal of one of them says which.
 */
export class CreateTasks {
  constructor(
    private readonly tasks: TaskStore,
    private readonly ids: Ids,
    private readonly policy: Policy,
    private readonly memory: MemoryGuard,
  ) {}

  /** @param terms what the door expects beside; by default nothing */
  async execute(
    inputs: readonly CreateTaskInput[],
    { actor, signal, idempotency }: Call,
    terms: CreationTerms = {},
  ): Promise<readonly Task[]> {
    this.memory.admit();
    const drafts = inputs.map((input, index) => ({
      draft: { ...DEFAULTS, ...concerning(index, () => underTerms(input, terms, this.policy)) },
      id: this.ids.taskId(),
    }));
    return this.tasks.insert(
      (now, waiting) => {
        const { maxWaiting, promptMinWords } = this.policy;
        if (waiting + drafts.length > maxWaiting) throw new QueueFull(maxWaiting);
        return drafts.map(({ draft, id }, index) =>
          concerning(index, () => {
            if (draft.prompt !== null) requireMeaning(draft.prompt, promptMinWords);
            return Task.create(draft, id, actor, now);
          }),
        );
      },
      signal,
      idempotency,
    );
  }
}

/** Runs what may refuse one of the items, and lets the refusal say which. */
function concerning<T>(index: number, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof DomainError) error.index = index;
    throw error;
  }
}
