import { setTimeout as pause } from 'node:timers/promises';
import { livingProcesses } from './living-processes';

const LOOK_MS = 25;
const SLOWEST_LOOK_MS = 1_000;
/** The kernel ends whoever it kills at once, but for one that waits for a disk. */
const KILL_MS = 5_000;

/** A process group with everything that came out of it, also what has left it. */
export class ProcessTree {
  /**
   * @param group the id of the group, which is that of its first process; null where only the mark is known
   * @param mark  `NAME=value` in the environment of all of them
   */
  constructor(
    private readonly group: number | null,
    private readonly mark: string,
  ) {}

  /** Asks all of it to end, and kills what is left after the grace. @returns whether nothing is left */
  async end(graceMs: number): Promise<boolean> {
    const asked = new Set<number>();
    const end = performance.now() + graceMs;
    // Every look costs as much as the machine has processes: they become rare.
    for (let waitMs = LOOK_MS; ; waitMs *= 2) {
      const living = this.living();
      if (living.length === 0) return true;
      if (performance.now() >= end) return this.kill();
      // Who has left the group while it was looked for is asked the next time.
      for (const pid of living.filter((one) => !asked.has(one))) send(pid, 'SIGTERM');
      for (const pid of living) asked.add(pid);
      await pause(Math.min(waitMs, SLOWEST_LOOK_MS, Math.max(1, end - performance.now())));
    }
  }

  /** Kills all of it. @returns whether nothing is left */
  async kill(): Promise<boolean> {
    const end = performance.now() + KILL_MS;
    // Again and again: who forks while it is looked for is found the next time.
    for (;;) {
      const living = this.living();
      if (living.length === 0) return true;
      for (const pid of living) send(pid, 'SIGKILL');
      if (performance.now() > end) return false;
      await pause(LOOK_MS);
    }
  }

  /** Whom to send a signal to, each once: to many programs a second one means at once. The group as a whole, and who has left it. */
  private living(): readonly number[] {
    const found = livingProcesses(this.group, this.mark);
    const isInGroup = found === null ? this.isGroupAlive() : found.isInGroup;
    // As a whole: between the look and the signal somebody may have been born.
    const group = this.group !== null && isInGroup ? [-this.group] : [];
    return [...group, ...(found?.strays ?? [])];
  }

  private isGroupAlive(): boolean {
    return this.group !== null && send(-this.group, 0);
  }
}

/** @returns whether there was somebody to get it */
function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(target, signal);
    return true;
  } catch {
    return false;
  }
}
