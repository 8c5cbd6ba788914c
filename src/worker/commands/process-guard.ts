import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Writable } from 'node:stream';

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

type Guard = ChildProcessByStdio<Writable, null, null>;

/**
 * A small process beside the worker that outlives it just long enough to end what it has left behind. Started with
 * the first command; started again should somebody kill it.
 */
export class ProcessGuard {
  private readonly runs = new Map<string, number>();
  private guard: Guard | null = null;

  /** Takes a run into its keeping. @returns when nothing can go wrong any more, whatever happens to this process */
  async add(run: string, group: number): Promise<void> {
    this.runs.set(run, group);
    if (this.guard === null) await this.start();
    else await written(this.guard, `+ ${run} ${group}\n`);
  }

  /** The run has ended, with everything in it. */
  remove(run: string): void {
    this.runs.delete(run);
    this.guard?.stdin.write(`- ${run}\n`);
  }

  /** Lets it end. */
  close(): void {
    const guard = this.guard;
    this.guard = null;
    guard?.stdin.end();
  }

  private start(): Promise<void> {
    // In a session of its own: Ctrl-C at a terminal is not meant for it.
    const guard = spawn('/bin/sh', ['-c', SCRIPT, 'task-orchestrator-guard', RUN_VARIABLE], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: process.env.PATH },
    });
    this.guard = guard;
    guard.unref();
    guard.stdin.on('error', () => undefined);
    guard.once('error', () => this.restart(guard));
    guard.once('exit', () => this.restart(guard));
    const lines = [...this.runs].map(([run, group]) => `+ ${run} ${group}\n`);
    return written(guard, lines.join(''));
  }

  private restart(guard: Guard): void {
    if (this.guard !== guard) return;
    this.guard = null;
    if (this.runs.size > 0) void this.start();
  }
}

/** Done when the kernel has it: from then on the guard will read it, even if this process is gone. */
function written({ stdin }: Guard, lines: string): Promise<void> {
  return new Promise((resolve) => stdin.write(lines, () => resolve()));
}
