/** What every service can do by itself. */
export const BUILTIN_TASK_TYPES = ['echo', 'sleep', 'health_check'] as const;

/** One of {@link BUILTIN_TASK_TYPES}. */
export type BuiltinTaskType = (typeof BUILTIN_TASK_TYPES)[number];

const PREFIX = 'builtin.';

/**
 * The task type under which the service's own handler of that name is always there. The bare name is left to whoever
 * registers it: somebody's own `sleep` must not be done by the service.
 */
export function builtinTaskType(name: BuiltinTaskType): string {
  return PREFIX + name;
}

/** The built-in handler that a task type always has, or null. */
export function builtinNamed(taskType: string): BuiltinTaskType | null {
  return BUILTIN_TASK_TYPES.find((name) => builtinTaskType(name) === taskType) ?? null;
}
