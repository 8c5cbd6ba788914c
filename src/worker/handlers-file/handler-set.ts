import { dirname, resolve } from 'node:path';
import { BUILTIN_TASK_TYPES, builtinTaskType } from '@task/domain';
import { allowedEnvironment } from '../commands/command-environment';
import { commandHandler } from '../commands/command-handler';
import type { ProcessGuard } from '../commands/process-guard';
import { locatedCommand } from '../commands/program';
import { builtinHandlers, type BuiltinParts } from '../handlers/builtin-handlers';
import { httpHandler } from '../handlers/http-handler';
import type { TaskHandler } from '../runtime/task-handler';
import type { HandlersDocument, HandlerTable } from './handlers-schema';

/** Who does the tasks of a type, and how long that may take at most; null leaves it to the task. */
export interface RegisteredHandler {
  readonly handle: TaskHandler;
  readonly timeoutMs: number | null;
}

/** What handlers are made with. */
export interface HandlerSetParts {
  /** What the operator has written, and in which file; null when there is none. */
  readonly listed: { readonly document: HandlersDocument; readonly file: string } | null;
  readonly guard: ProcessGuard;
  readonly builtin: BuiltinParts;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** With which commands make files; absent for that of this process. */
  readonly umask?: number | undefined;
}

/** The handlers of a service by task type: those that the operator has listed, and its own under their full names. */
export function handlerSet(parts: HandlerSetParts): ReadonlyMap<string, RegisteredHandler> {
  const own = builtinHandlers(parts.builtin);
  const set = new Map<string, RegisteredHandler>(
    BUILTIN_TASK_TYPES.map((name) => [builtinTaskType(name), { handle: own[name], timeoutMs: null }]),
  );
  const { listed } = parts;
  if (listed === null) return set;
  for (const [type, table] of Object.entries(listed.document.handlers)) {
    const { timeout_seconds: seconds } = table;
    const handle = handlerOf(table, listed, parts);
    set.set(type, { handle, timeoutMs: seconds === undefined ? null : seconds * 1000 });
  }
  return set;
}

function handlerOf(
  table: HandlerTable,
  { document, file }: NonNullable<HandlerSetParts['listed']>,
  { guard, builtin, env, umask }: HandlerSetParts,
): TaskHandler {
  switch (table.kind) {
    case 'builtin':
      return builtinHandlers(builtin)[table.builtin];
    case 'http':
      return httpHandler({
        url: new URL(table.url),
        secret: table.secret_env === undefined ? null : (env[table.secret_env] ?? null),
        allowPrivate: table.allow_private,
        retries: table.retries,
        answerMs: table.answer_seconds * 1000,
      });
    case 'command': {
      const folder = dirname(file);
      const environment = allowedEnvironment(env, table.env);
      const settings = {
        argv: locatedCommand(table.command, folder),
        input: table.input,
        directory: resolve(folder, table.directory ?? '.'),
        roots: (table.roots ?? document.roots).map((root) => resolve(folder, root)),
        environmentOf: () => environment,
        umask,
        graceMs: table.grace_seconds * 1000,
      };
      return commandHandler(settings, guard);
    }
  }
}
