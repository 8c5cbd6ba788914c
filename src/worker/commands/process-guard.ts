import { spawn, type ChildProcess } from 'node:child_process';

/**
 * Reads lines `+ run group` and `- run` until its input ends, which is when the worker is gone, however it went. Then
 * it kills what still runs: the group of each, and whatever carries its mark in its environment, where `/proc` tells.
 * A shell, since it has to be small and there all the time; nothing of a task is ever put into this text.
 */
const SCRIPT = `
trap '' TERM INT HUP QUIT
runs=
while read -r sign run group; do
  if [ "$sign" = + ]; then runs="$runs $run:$group"; continue; fi
  kept=
  for each in $runs; do [ "\${each%%:*}" = "$run" ] || kept="$kept $each"; done
  runs=$kept
done
for each in $runs; do kill -s KILL -- "-\${each#*:}" 2>/dev/null; done
for each in $runs; do
  tries=0
  while [ $tries -lt 100 ]; do
    found=$(grep -lsF "$1=\${each%%:*}" /proc/[0-9]*/environ 2>/dev/null)
    [ -n "$found" ] || break
    for file in $found; do pid=\${file#/proc/}; kill -s KILL "\${pid%/environ}" 2>/dev/null; done
    tries=$((tries + 1))
  done
done
`;

/** The variable that marks a run's processes. */
export const RUN_VARIABLE = 'TASK_ORCHESTRATOR_RUN';

interface Guard {
  readonly child: ChildProcess;
  /** Rejects when it could not be started. */
  readonly failed: Promise<never>;
}

/** What ends a guard, or keeps it from being started, is mostly still there a moment later. */
const RESTART_MS = 250;

/**
 * A small process beside the worker that outlives it just long enough to end what it has left behind. Started with
 * the first command; started again should somebody kill it.
 */
export class ProcessGuard {
  private readonly runs = new Map<string, number>();
  private guard: Guard | null = null;
  private nextStart: NodeJS.Timeout | undefined;

  /** @param shell what runs it */
  constructor(private readonly shell = '/bin/sh') {}

  /**
   * Takes a run into its keeping.
   * @returns when nothing can go wrong any more, whatever happens to this process
   * @throws when the guard cannot be started: nobody would end the run
   */
  async add(run: string, group: number): Promise<void> {
    const line = lineOf(run, group);
    const guard = this.guard ?? this.start();
    try {
      await written(guard, line);
    } catch {
      // One that was just killed is not known to be gone until it is written to.
      this.restart(guard);
      await written(this.guard ?? this.start(), line);
    }
    this.runs.set(run, group);
  }

  /** The run has ended, with everything in it. */
  remove(run: string): void {
    this.runs.delete(run);
    this.guard?.child.stdin?.write(`- ${run}\n`);
  }

  /** Lets it end. */
  close(): void {
    const guard = this.guard;
    this.guard = null;
    clearTimeout(this.nextStart);
    guard?.child.stdin?.end();
  }

  private start(): Guard {
    // In a session of its own: Ctrl-C at a terminal is not meant for it.
    const child: ChildProcess = spawn(this.shell, ['-c', SCRIPT, 'task-orchestrator-guard', RUN_VARIABLE], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: process.env.PATH },
    });
    const failed = new Promise<never>((_, reject) => child.once('error', reject));
    const guard = { child, failed };
    failed.catch(() => this.restart(guard));
    child.once('exit', () => this.restart(guard));
    child.unref();
    child.stdin?.on('error', () => undefined);
    child.stdin?.write([...this.runs].map(([run, group]) => lineOf(run, group)).join(''));
    this.guard = guard;
    return guard;
  }

  private restart(gone: Guard): void {
    if (this.guard !== gone) return;
    this.guard = null;
    this.startLater();
  }

  private startLater(): void {
    clearTimeout(this.nextStart);
    this.nextStart = setTimeout(() => {
      if (this.guard !== null || this.runs.size === 0) return;
      try {
        this.start();
      } catch {
        this.startLater();
      }
    }, RESTART_MS).unref();
  }
}

function lineOf(run: string, group: number): string {
  return `+ ${run} ${group}\n`;
}

/** Done when the kernel has it: from then on the guard will read it, even if this process is gone. */
function written({ child, failed }: Guard, line: string): Promise<void> {
  // Of one that was not started its error tells more than the pipe, which is broken.
  if (child.pid === undefined) return failed;
  return new Promise((resolve, reject) => {
    child.stdin?.write(line, (error) => (error ? reject(error) : resolve()));
  });
}
