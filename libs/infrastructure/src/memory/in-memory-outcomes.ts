import type { IdempotencyKey } from '@task/application';
import {
  asOf,
  IdempotencyKeyReused,
  recordOf,
  refusalFrom,
  snapshotOf,
  type EpochMs,
  type RefusalRecord,
  type Task,
  type TaskSnapshot,
} from '@task/domain';

/** What kind of command an outcome is of: a claim's holds only as long as its lease. */
export type OutcomeKind = 'insert' | 'update' | 'claim';

interface Kept {
  readonly fingerprint: string;
  readonly expiresAt: EpochMs;
  readonly tasks: readonly { readonly id: string; readonly was: TaskSnapshot }[];
  readonly refusal: RefusalRecord | null;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Outcomes under idempotency keys, in memory. */
export class InMemoryOutcomes {
  private readonly kept = new Map<string, Kept>();

  /** Runs a command, or tells again what came of it under the same key. */
  once(
    kind: OutcomeKind,
    key: IdempotencyKey | undefined,
    now: EpochMs,
    find: (id: string) => Task | undefined,
    command: () => readonly Task[],
  ): readonly Task[] {
    if (key === undefined) return command();
    const kept = this.kept.get(key.key);
    if (kept === undefined || kept.expiresAt <= now) return this.runAndKeep(key, now, command);
    if (kept.fingerprint !== key.fingerprint) throw new IdempotencyKeyReused();
    if (kind === 'claim' && !isHeld(kept, find)) return this.runAndKeep(key, now, command);
    key.onReplay();
    return toldAgain(kept, find);
  }

  forget(now: EpochMs, limit: number): void {
    const over = [...this.kept].filter(([, { expiresAt }]) => expiresAt <= now);
    for (const [key] of over.slice(0, limit)) this.kept.delete(key);
  }

  private runAndKeep(
    { key, fingerprint }: IdempotencyKey,
    now: EpochMs,
    command: () => readonly Task[],
  ): readonly Task[] {
    const expiresAt = now + DAY_MS;
    try {
      const tasks = command();
      const told = tasks.map((task) => ({ id: task.id, was: snapshotOf(task) }));
      if (tasks.length > 0) this.kept.set(key, { fingerprint, expiresAt, tasks: told, refusal: null });
      return tasks;
    } catch (error) {
      const refusal = recordOf(error);
      if (refusal !== null) this.kept.set(key, { fingerprint, expiresAt, tasks: [], refusal });
      throw error;
    }
  }
}

function toldAgain({ refusal, tasks }: Kept, find: (id: string) => Task | undefined): readonly Task[] {
  if (refusal !== null) throw refusalFrom(refusal);
  return tasks.flatMap(({ id, was }) => {
    const task = find(id);
    return task === undefined ? [] : [asOf(task, was)];
  });
}

function isHeld({ tasks }: Kept, find: (id: string) => Task | undefined): boolean {
  return tasks.every(({ id, was }) => {
    const lease = find(id)?.state.lease;
    return lease?.endedBy === null && lease.token === was.lease?.token;
  });
}
