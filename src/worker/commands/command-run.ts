import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { RUN_VARIABLE, type ProcessGuard } from './process-guard';
import { ProcessTree } from './process-tree';

/**
 * Waits for the word, then becomes the command. By then the guard knows of it: nothing is ever started that could
 * outlive the worker unseen. Without the word, since the worker is gone, it ends. The command's words are positional
 * parameters, which no shell reads.
 */
const GATE = 'read -r go <&3 && { [ -z "$1" ] || umask "$1"; } && shift && exec 3<&- "$@"';
const AFTER_EXIT_MS = 2_000;

/** A command to be run. */
export interface CommandLine {
  /** The program and its arguments; never read by a shell. */
  readonly argv: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  /** With which it makes files; absent for that of this process. */
  readonly umask?: number | undefined;
  /** What it reads from its standard input. */
  readonly input: string;
}

/** Who reads what a command writes. */
export interface Readers {
  readonly onOutput: (chunk: Buffer) => void;
  readonly onErrors: (chunk: Buffer) => void;
}

/** How a command has ended. */
export interface CommandEnd {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether nothing of it is left running. */
  readonly isClean: boolean;
}

/**
 * Runs a command in a process group of its own, to its end or until the signal is aborted: then all of it is asked to
 * end, and killed after the grace. However it ends, nothing that it has started is left.
 * @throws what kept it from being started
 */
export async function runCommand(
  line: CommandLine,
  readers: Readers,
  {
    guard,
    graceMs,
    signal,
  }: { readonly guard: ProcessGuard; readonly graceMs: number; readonly signal: AbortSignal },
): Promise<CommandEnd> {
  const run = randomUUID();
  const umask = line.umask?.toString(8) ?? '';
  const child = spawn('/bin/sh', ['-c', GATE, 'task-orchestrator-gate', umask, ...line.argv], {
    cwd: line.directory,
    env: { ...line.environment, [RUN_VARIABLE]: run },
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
  });
  const group = await pidOf(child);
  const tree = new ProcessTree(group, `${RUN_VARIABLE}=${run}`);
  const { exited, drained } = watch(child, readers);
  await guarded(guard, run, group, tree);
  const stop = endWhenAborted(tree, graceMs, signal);
  feed(child, line.input);
  const { code, signal: by } = await exited;
  // What the command has left behind is asked to end as well; it is no longer wanted, whatever becomes of the task.
  const isClean = await stop.end();
  stop.forget();
  guard.remove(run);
  await drained();
  return { code, signal: by, isClean };
}

/** What nobody would end is never given the word. */
async function guarded(guard: ProcessGuard, run: string, group: number, tree: ProcessTree): Promise<void> {
  try {
    await guard.add(run, group);
  } catch (error) {
    await tree.kill();
    const { message } = error as Error;
    throw new Error(`nothing could be started that watches over the command: ${message}`, { cause: error });
  }
}

async function pidOf(child: ChildProcess): Promise<number> {
  if (child.pid !== undefined) return child.pid;
  const { promise, reject } = Promise.withResolvers<never>();
  child.once('error', reject);
  return promise;
}

interface Watched {
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  /** Everything that it has written was read; who holds its output open does not hold us. */
  readonly drained: () => Promise<void>;
}

function watch(child: ChildProcess, { onOutput, onErrors }: Readers): Watched {
  const exited = Promise.withResolvers<{ code: number | null; signal: NodeJS.Signals | null }>();
  const closed = Promise.withResolvers<undefined>();
  child.stdout?.on('data', onOutput);
  child.stderr?.on('data', onErrors);
  child.on('error', () => undefined);
  child.once('exit', (code, signal) => exited.resolve({ code, signal }));
  child.once('close', () => closed.resolve(undefined));
  const drained = async (): Promise<void> => {
    const patience = new AbortController();
    const waited = pause(AFTER_EXIT_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([closed.promise, waited]);
    patience.abort();
    for (const stream of [child.stdout, child.stderr]) stream?.destroy();
  };
  return { exited: exited.promise, drained };
}

/** Gives the word, and the input. A command need not read what it is given. */
function feed(child: ChildProcess, input: string): void {
  const gate = child.stdio[3] as Writable;
  for (const stream of [child.stdin, gate]) stream?.on('error', () => undefined);
  gate.end('go\n');
  child.stdin?.end(input);
}

interface Stopping {
  /** Ends the tree, unless that has begun already. @returns whether nothing is left */
  readonly end: () => Promise<boolean>;
  readonly forget: () => void;
}

function endWhenAborted(tree: ProcessTree, graceMs: number, signal: AbortSignal): Stopping {
  let ended: Promise<boolean> | null = null;
  const end = (): Promise<boolean> => (ended ??= tree.end(graceMs));
  const onAbort = (): void => void end();
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return { end, forget: () => signal.removeEventListener('abort', onAbort) };
}
