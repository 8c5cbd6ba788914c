import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** Calls of the system by what they are for. */
const CALLS = { flush: 'fdatasync,fsync', write: 'pwrite64' } as const;

/** Calls of a running process that the system answers otherwise than it would, for files of one name. */
export class BrokenCalls {
  private constructor(private readonly strace: ChildProcess) {}

  /**
   * @param how as strace words it, such as `error=EIO`, or `retval=0` for a success that is none
   * @returns when it is in force
   */
  static async begin(
    pid: number,
    { call, path, how }: { readonly call: keyof typeof CALLS; readonly path: string; readonly how: string },
  ): Promise<BrokenCalls> {
    const calls = CALLS[call];
    const args = ['-p', `${pid}`, '-P', path, '-e', `trace=${calls}`, '-e', `inject=${calls}:${how}`];
    const strace = spawn('strace', [...args, '-o', '/dev/null'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const lines = createInterface({ input: strace.stderr });
    for await (const line of lines) if (line.includes('attached')) return new BrokenCalls(strace);
    throw new Error('strace could not be attached');
  }

  /** The system answers as it always does. */
  async end(): Promise<void> {
    if (this.strace.exitCode !== null || this.strace.signalCode !== null) return;
    this.strace.kill('SIGINT');
    await once(this.strace, 'exit');
  }
}

/** Why calls cannot be broken here, or null. */
export function missingStrace(): string | null {
  const { status } = spawnSync('strace', ['-o', '/dev/null', 'true']);
  return status === 0 ? null : 'there is no strace that may trace';
}
