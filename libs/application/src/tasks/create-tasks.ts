import {
  DEFAULT_MAX_RETRIES,
  DEFAULT_TASK_TYPE,
  createDependent,
  DomainError,
  InvalidTask,
  QueueFull,
  requireMeaning,
  Task,
  type Decision,
  type DependencyPolicy,
  type EpochMs,
  type TaskDraft,
} from '@task/domain';
import type { Call } from '../call';
import type { Ids } from '../ports/ids';
import type { Policy } from '../ports/policy';
import type { TaskStore } from '../ports/task-store';
import { graphOf, type BatchGraph } from './batch-graph';

/** What a creator says; what is left out gets its default. Times are epoch ms. */
export interface CreateTaskInput extends Partial<TaskDraft> {
  /** Its name for other tasks of the same batch. */
  readonly ref?: string | undefined;
  /** Tasks that have to be completed first: ids, and `@ref` for tasks of the same batch. */
  readonly dependsOn?: readonly string[] | undefined;
  /** What becomes of it when one of them has failed for good; default `wait`. */
  readonly onDependencyFailure?: DependencyPolicy | undefined;
}

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
  concurrencyKey: null,
};

/**
 * Files new tasks, all or none, in the order given. Refuses what breaks a rule, a prompt that says nothing, dependencies
 * that do not exist or wait for each other, and more than the queue may hold.
 */
export class CreateTasks {
  constructor(
    private readonly tasks: TaskStore,
    private readonly ids: Ids,
    private readonly policy: Policy,
  ) {}

  async execute(
    inputs: readonly CreateTaskInput[],
    { actor, signal, idempotency }: Call,
  ): Promise<readonly Task[]> {
    const graph = graphOf(inputs);
    const batch = inputs.map((input) => ({ ...input, id: this.ids.taskId() }));
    return this.tasks.insert(
      (now, waiting, find) => {
        const { maxWaiting } = this.policy;
        if (waiting + batch.length > maxWaiting) throw new QueueFull(maxWaiting);
        return this.decide(batch, graph, find, (item, dependencies) =>
          this.create(item, dependencies, actor, now),
        );
      },
      signal,
      idempotency,
      graph.storedIds,
    );
  }

  /** Decides about each behind those that it depends on, and returns them in their own order. */
  private decide(
    batch: readonly NewTask[],
    graph: BatchGraph,
    find: (id: string) => Task | undefined,
    create: (item: NewTask, dependencies: readonly Task[]) => Decision,
  ): readonly Decision[] {
    const decided = new Map<number, Decision>();
    for (const index of graph.order) {
      const item = batch[index];
      if (item === undefined) continue;
      const dependencies = (graph.edges[index] ?? []).map((edge) => {
        const task = 'index' in edge ? decided.get(edge.index)?.task : find(edge.storedId);
        if (task !== undefined) return task;
        throw unknownTask(index, item.dependsOn ?? [], 'storedId' in edge ? edge.storedId : '');
      });
      decided.set(
        index,
        concerning(index, () => create(item, dependencies)),
      );
    }
    return batch.flatMap((_, index) => decided.get(index) ?? []);
  }

  private create(item: NewTask, dependencies: readonly Task[], actor: string, now: EpochMs): Decision {
    const { ref: _ref, dependsOn: _dependsOn, onDependencyFailure = 'wait', id, ...said } = item;
    const draft: TaskDraft = { ...DEFAULTS, ...said };
    if (draft.prompt !== null) requireMeaning(draft.prompt, this.policy.promptMinWords);
    if (dependencies.length === 0) return Task.create(draft, id, actor, now);
    return createDependent(draft, { id, dependencies, onFailure: onDependencyFailure }, actor, now);
  }
}

type NewTask = CreateTaskInput & { readonly id: string };

function unknownTask(index: number, dependsOn: readonly string[], id: string): InvalidTask {
  const nth = dependsOn.findIndex((each) => each.toLowerCase() === id);
  const refusal = new InvalidTask([{ field: `dependsOn[${nth}]`, reason: 'unknown_task', constraints: {} }]);
  refusal.index = index;
  return refusal;
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
