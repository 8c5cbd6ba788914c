import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { ServiceClient } from '../../client/service-client';
import type { ServicePlace } from '../../client/service-place';
import { ownEnvironment } from '../../worker/commands/command-environment';
import { commandHandler } from '../../worker/commands/command-handler';
import { ProcessGuard } from '../../worker/commands/process-guard';
import { isOnPath, isProgram, locatedCommand } from '../../worker/commands/program';
import { realDirectory } from '../../worker/commands/work-directory';
import { ProcessTimers } from '../../worker/runtime/process-timers';
import type { TaskHandler } from '../../worker/runtime/task-handler';
import { SourceAway, SourceRefused } from '../../worker/runtime/work-source';
import { Worker } from '../../worker/runtime/worker';
import { HttpSource } from '../../worker/sources/http-source';
import { NO_SERVICE } from '../at-service';
import type { CommandContext } from '../context';
import { EXIT } from '../exit-codes';
import { findService } from '../find-service';
import { StartFailure } from '../start-failure';
import { directoryMark, directoryRule } from './directory-rule';
import { TerminalDisplay } from './terminal-display';
import { untilStopped } from './until-stopped';
import { JsonDisplay, PlainDisplay, type WorkDisplay } from './work-display';
import type { WorkerOptions } from './worker-options';

const WAIT_SECONDS = 20;
/** What the kernel may take to end what was killed, beyond the grace. */
const KILL_MS = 10_000;

/** Claims tasks from a running service, and runs a command for each, until it is told to stop. @returns the exit code */
export async function work(
  argv: readonly string[],
  options: WorkerOptions,
  context: CommandContext,
): Promise<number> {
  const command = locatedCommand(argv, context.cwd);
  const mistake = mistakeIn(command, options, context);
  if (mistake !== null) return complain(mistake, EXIT.misused);
  try {
    const place = await findService(context, options.url);
    if (place === null) return complain(NO_SERVICE, EXIT.unreachable);
    return await workAt(place, { argv: command, options, context });
  } catch (error) {
    if (error instanceof StartFailure) return complain(error.message, EXIT.misused);
    if (error instanceof SourceRefused)
      return complain(error.message, error.isAboutWorker ? EXIT.refused : EXIT.failed);
    if (error instanceof SourceAway) return complain(error.message, EXIT.unreachable);
    throw error;
  }
}

interface Wanted {
  readonly argv: readonly string[];
  readonly options: WorkerOptions;
  readonly context: CommandContext;
}

async function workAt(place: ServicePlace, wanted: Wanted): Promise<number> {
  const source = new HttpSource(new ServiceClient(place));
  const guard = new ProcessGuard();
  const display = displayFor(wanted.options);
  try {
    return await untilStopped(workerFor({ ...wanted, source, guard, display }), wanted.options);
  } finally {
    display.close();
    guard.close();
    source.close();
  }
}

interface WorkerMakings extends Wanted {
  readonly source: HttpSource;
  readonly guard: ProcessGuard;
  readonly display: WorkDisplay;
}

function workerFor({ argv, options, context, source, guard, display }: WorkerMakings): Worker {
  const workPath = resolve(context.cwd, options.workPath);
  const { workerId = `${hostname()}-${process.pid}`, type, timeout, grace } = options;
  const environment = ownEnvironment(context.env);
  const directories = directoryRule(options.perDirectory);
  const handler: TaskHandler = commandHandler(
    {
      argv,
      input: options.input,
      directory: workPath,
      roots: [workPath],
      environmentOf: ({ workDirectory }) => ({
        ...environment,
        ...directoryMark(directories, workDirectory),
      }),
      umask: context.umask,
      graceMs: grace * 1000,
    },
    guard,
  );
  return new Worker({
    source,
    terms: {
      workerId,
      workPath,
      recursive: options.recursive,
      leaseSeconds: options.lease,
      ...(type.length > 0 && { taskTypes: type }),
    },
    handlerFor: () => handler,
    timeoutMsOf: () => (timeout === undefined ? null : timeout * 1000),
    concurrency: options.concurrency,
    directories,
    waitSeconds: WAIT_SECONDS,
    endMs: grace * 1000 + KILL_MS,
    timers: new ProcessTimers(),
    random: Math.random,
    onEvent: (event) => display.show(event),
  });
}

function displayFor({ json }: WorkerOptions): WorkDisplay {
  if (json) return new JsonDisplay(process.stdout);
  return process.stdout.isTTY ? new TerminalDisplay(process.stdout) : new PlainDisplay(process.stdout);
}

/** What can be known to be wrong before anything is claimed: a task that fails for it would be lost. */
function mistakeIn(
  [program = '']: readonly string[],
  options: WorkerOptions,
  context: CommandContext,
): string | null {
  const directory = resolve(context.cwd, options.workPath);
  if (realDirectory(directory) === null) return `there is no directory ${directory}`;
  if (program.startsWith('-')) return `${program} is no program`;
  if (program.includes('/')) return isProgram(program) ? null : `there is no program ${program}`;
  return isOnPath(program, context.env.PATH ?? '') ? null : `there is no program ${program} on the PATH`;
}

function complain(message: string, code: number): number {
  process.stderr.write(`task-orchestrator: ${message}\n`);
  return code;
}
