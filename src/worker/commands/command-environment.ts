import type { WorkTask } from '../runtime/work-task';

type Environment = Readonly<Record<string, string | undefined>>;

/** What every program may expect to find. */
const ALWAYS = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'TERM',
] as const;

/** Variables of ours that hold secrets: no command ever sees them. */
const SECRETS: readonly string[] = [
  'TASK_ORCHESTRATOR_API_KEY',
  'API_SECRET_KEY',
  'DATABASE_URL',
  'DATABASE_ENCRYPTION_KEY',
  'NEW_DATABASE_ENCRYPTION_KEY',
  'PGPASSWORD',
];

/** Whether a variable holds a secret of the service. */
export function isServiceSecret(name: string): boolean {
  return SECRETS.includes(name);
}

/**
 * Marks everything that works in a directory that this worker keeps to itself. Whoever gets the directory next kills what
 * carries it.
 */
export const DIRECTORY_VARIABLE = 'TASK_ORCHESTRATOR_DIRECTORY';

/** The variables of an allow-list, beside those that every program needs. */
export function allowedEnvironment(env: Environment, names: readonly string[]): Record<string, string> {
  const wanted = new Set<string>([...ALWAYS, ...names]);
  return present(env, (name) => wanted.has(name));
}

/**
 * All of the caller's own variables, but for the secrets of the service, and for the mark of a directory that somebody
 * else keeps: that of the worker whose command has started this one.
 */
export function ownEnvironment(env: Environment): Record<string, string> {
  return present(env, (name) => name !== DIRECTORY_VARIABLE && !isServiceSecret(name));
}

/** What a command can find out about its task without reading its input. */
export function taskEnvironment({ id, taskType, attempt }: WorkTask): Record<string, string> {
  return {
    TASK_ORCHESTRATOR_TASK_ID: id,
    TASK_ORCHESTRATOR_TASK_TYPE: taskType,
    TASK_ORCHESTRATOR_ATTEMPT: String(attempt),
  };
}

function present(env: Environment, isWanted: (name: string) => boolean): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value !== undefined && isWanted(name) ? [[name, value] as const] : [],
    ),
  );
}
