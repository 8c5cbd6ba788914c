import type { TaskType } from './task-type';

/** The types that are registered in every service. Source: the knowledge-base task manager's document. */
export const BUILT_IN_TASK_TYPES = [
  'document_processing',
  'batch_processing',
  'knowledge_indexing',
  'embedding_generation',
  'vector_storage',
  'health_check',
] as const;

/** The registered types of tasks: those that are built in, and the operator's. Immutable. */
export class TaskTypes {
  private readonly byName: ReadonlyMap<string, TaskType>;

  /** @param own the operator's types; one with the name of a built-in takes its place */
  constructor(own: readonly TaskType[] = []) {
    this.byName = new Map(
      [...BUILT_IN_TASK_TYPES.map(plainType), ...own].map((type) => [type.name, type] as const),
    );
  }

  /** The names of all of them: the built-in ones, then the operator's in his order. */
  get names(): readonly string[] {
    return [...this.byName.keys()];
  }

  /** The type of this name, or null when none is registered. */
  find(name: string): TaskType | null {
    return this.byName.get(name) ?? null;
  }
}

function plainType(name: string): TaskType {
  return {
    name,
    timeoutSeconds: null,
    maxRetries: null,
    backoff: { baseMs: null, capMs: null },
    payload: null,
  };
}
