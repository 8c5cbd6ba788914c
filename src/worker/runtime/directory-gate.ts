import { Semaphore } from './semaphore';

/** Keeps a directory from the other workers of this machine. */
export interface DirectoryLocks {
  /** Waits until nobody else works in the directory. @throws the signal's reason when it is aborted before */
  acquire(directory: string, signal: AbortSignal): Promise<() => void>;
}

/** What a task of a directory waits for before it is worked on. */
export interface DirectoryRule {
  /** Tasks of one directory at a time. */
  readonly perDirectory: number;
  /** One name for each directory, however a task spells it. */
  readonly nameOf: (directory: string) => string;
  /** Shared with the other workers of this machine; null leaves them alone. */
  readonly locks: DirectoryLocks | null;
}

/** Lets only so many tasks of one directory be worked on at a time. */
export class DirectoryGate {
  private readonly directories = new Map<string, Semaphore>();

  constructor(private readonly rule: DirectoryRule) {}

  /** Waits for its turn in a directory. @returns leaves it. @throws the signal's reason when it is aborted before */
  async enter(directory: string, signal: AbortSignal): Promise<() => void> {
    const name = this.rule.nameOf(directory);
    const semaphore = this.directories.get(name) ?? new Semaphore(this.rule.perDirectory);
    this.directories.set(name, semaphore);
    const leave = await semaphore.enter(signal).finally(() => this.forget(name, semaphore));
    const leaveAll = (): void => {
      leave();
      this.forget(name, semaphore);
    };
    try {
      const unlock = await this.rule.locks?.acquire(name, signal);
      return () => {
        unlock?.();
        leaveAll();
      };
    } catch (error) {
      leaveAll();
      throw error;
    }
  }

  private forget(name: string, semaphore: Semaphore): void {
    if (semaphore.isUnused) this.directories.delete(name);
  }
}
