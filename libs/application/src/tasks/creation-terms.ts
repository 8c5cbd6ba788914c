import {
  faultsAt,
  InvalidTask,
  type DomainError,
  type TaskDraft,
  type TaskType,
  type Violation,
} from '@task/domain';
import type { Policy } from '../ports/policy';

/** What a door expects of new tasks, beside the rules of all. */
export interface CreationTerms {
  /** Why nothing new is taken; what repeats a request that was taken gets its first outcome all the same. */
  readonly refusal?: DomainError;
  /** What holds for a task whose creator and whose type say nothing else. */
  readonly defaults?: Partial<TaskDraft>;
  /** Whether a type has to be registered; default false. */
  readonly onlyRegisteredTypes?: boolean;
}

/**
 * What a creator asks for, with what its type says about the rest.
 * @throws InvalidTask for a type that has to be registered and is not, and for a payload that its type does not take,
 * with every violation
 */
export function underTerms(
  input: Partial<TaskDraft>,
  { defaults = {}, onlyRegisteredTypes = false }: CreationTerms,
  { taskTypes }: Policy,
): Partial<TaskDraft> {
  const said = { ...defaults, ...input };
  const type = said.taskType === undefined ? null : taskTypes.find(said.taskType);
  const violations = [
    ...(onlyRegisteredTypes && type === null ? [unregistered(taskTypes.names)] : []),
    ...payloadViolations(input, type),
  ];
  if (violations.length > 0) throw new InvalidTask(violations);
  return { ...defaults, ...(type !== null && defaultsOf(type)), ...input };
}

function unregistered(names: readonly string[]): Violation {
  return { field: 'taskType', reason: 'not_one_of', constraints: { allowed: names } };
}

/** A payload that is left out is none to the schema: what the schema requires is then missing. */
function payloadViolations({ payload }: Partial<TaskDraft>, type: TaskType | null): Violation[] {
  return faultsAt('payload', type?.payload?.check(payload?.value ?? {}) ?? []);
}

function defaultsOf({ timeoutSeconds, maxRetries }: TaskType): Partial<TaskDraft> {
  return { ...(timeoutSeconds !== null && { timeoutSeconds }), ...(maxRetries !== null && { maxRetries }) };
}
