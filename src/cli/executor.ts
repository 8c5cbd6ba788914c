import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { TaskStore } from '@task/application';
import type { Log, Settings } from '@task/infrastructure';
import { ProcessGuard } from '../worker/commands/process-guard';
import { handlerSet, type HandlerSetParts } from '../worker/handlers-file/handler-set';
import { HandlersRefused } from '../worker/handlers-file/handlers-refused';
import { parseHandlersFile } from '../worker/handlers-file/parse-handlers-file';
import { ServiceExecutor } from '../worker/service-executor';
import type { CommandContext } from './context';
import { StartFailure } from './start-failure';
import { packageVersion } from './version';

/** What an executor is made from. */
export interface ExecutorOptions {
  readonly settings: Settings;
  readonly tasks: TaskStore;
  readonly log: Log;
  readonly context: CommandContext;
}

/** The service's own worker; not started yet. */
export interface OpenExecutor {
  readonly executor: ServiceExecutor;
  /** Lets go of what watches over commands. */
  readonly close: () => void;
}

/** Reads the operator's handlers, and makes what runs them. @throws StartFailure that names every mistake in them */
export async function openExecutor({
  settings,
  tasks,
  log,
  context,
}: ExecutorOptions): Promise<OpenExecutor> {
  const guard = new ProcessGuard();
  const listed = await listedHandlers(settings, context);
  const handlers = handlerSet({
    listed,
    guard,
    builtin: { ping: () => tasks.ping(), version: packageVersion() },
    env: context.env,
    umask: context.umask,
  });
  if (listed !== null) {
    const taskTypes = Object.keys(listed.document.handlers);
    log.info({ handlers_file: listed.file, task_types: taskTypes }, 'handlers read');
  }
  return { executor: new ServiceExecutor(handlers, settings, log), close: () => guard.close() };
}

async function listedHandlers(
  { handlersFile }: Settings,
  { env, cwd }: CommandContext,
): Promise<HandlerSetParts['listed']> {
  if (handlersFile === null) return null;
  const file = resolve(cwd, handlersFile);
  try {
    return { document: await parseHandlersFile(readFileSync(file, 'utf8'), file, env), file };
  } catch (error) {
    if (error instanceof HandlersRefused) throw new StartFailure(error.message, { cause: error });
    const { message } = error as Error;
    throw new StartFailure(`HANDLERS_FILE ${file}: cannot be read (${message}); it takes a TOML file`, {
      cause: error,
    });
  }
}
