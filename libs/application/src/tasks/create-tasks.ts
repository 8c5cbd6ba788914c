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
import type { MemoryGuard } from '../health/memory-guard';
import type { Ids } from '../ports/ids';
import type { Policy } from '../ports/policy';
import type { TaskStore } from '../ports/task-store';
import { graphOf, type BatchGraph, type GraphNode } from './batch-graph';
import { underTerms, type CreationTerms } from './creation-terms';

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
 * Files new tasks, all or none, in the order given. Refuses what breaks a rule, a payload that its type does not take, a
 * prompt that says nothing, dependencies that do not exist or wait for each other, more than the queue may hold, and all
 * of them while memory is short. A refusal of one of them says which.
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
    const batch = inputs.map((input, index) => concerning(index, () => this.prepare(input, terms)));
    const graph = graphOf(batch);
    return this.tasks.insert(
      (now, waiting, find) => {
        if (terms.refusal !== undefined) throw terms.refusal;
        const { maxWaiting } = this.policy;
        if (waiting + batch.length > maxWaiting) throw new QueueFull(maxWaiting);
        return this.decide(batch, graph, find, (item, dependencies) =>
          this.create(item, dependencies, actor, now),
        );
      },
      signal,
      idempotency,
      graph.storedIds,
      batch.length,
    );
  }

  /**
   * Decides about one task that depends on nothing, for whoever stores it together with something else.
   * @param waiting how many tasks wait already
   */
  decideOne(input: CreateTaskInput, actor: string, now: EpochMs, waiting: number): Decision {
    this.memory.admit();
    const { maxWaiting } = this.policy;
    if (waiting >= maxWaiting) throw new QueueFull(maxWaiting);
    return this.create(this.prepare(input, {}), [], actor, now);
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
        throw unknownTask(index, item.dependsOn, 'storedId' in edge ? edge.storedId : '');
      });
      decided.set(
        index,
        concerning(index, () => create(item, dependencies)),
      );
    }
    return batch.flatMap((_, index) => decided.get(index) ?? []);
  }

  private prepare(input: CreateTaskInput, terms: CreationTerms): NewTask {
    const { ref, dependsOn = [], onDependencyFailure = 'wait', ...said } = input;
    const draft: TaskDraft = { ...DEFAULTS, ...underTerms(said, terms, this.policy) };
    return { id: this.ids.taskId(), ref, dependsOn, onFailure: onDependencyFailure, draft };
  }

  private create(item: NewTask, dependencies: readonly Task[], actor: string, now: EpochMs): Decision {
    const { id, draft, onFailure } = item;
    if (draft.prompt !== null) requireMeaning(draft.prompt, this.policy.promptMinWords);
    if (dependencies.length === 0) return Task.create(draft, id, actor, now);
    return createDependent(draft, { id, dependencies, onFailure }, actor, now);
  }
}

interface NewTask extends GraphNode {
  readonly id: string;
  readonly dependsOn: readonly string[];
  readonly onFailure: DependencyPolicy;
  readonly draft: TaskDraft;
}

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
