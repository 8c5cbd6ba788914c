import type { IdempotencyKey } from '@task/application';
import {
  asOf,
  holdsStill,
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
    const tasks = kind === 'claim' ? heldPartOf(kept, find) : kept.tasks;
    if (tasks === null) return this.runAndKeep(key, now, command);
    key.onReplay();
    return toldAgain({ ...kept, tasks }, find);
  }

  forget(now: EpochMs, limit: number): number {
    const over = [...this.kept].filter(([, { expiresAt }]) => expiresAt <= now).slice(0, limit);
    for (const [key] of over) this.kept.delete(key);
    return over.length;
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

/** What of a claim is held still; null when none of it is. */
function heldPartOf({ refusal, tasks }: Kept, find: (id: string) => Task | undefined): Kept['tasks'] | null {
  const held = tasks.filter(({ id, was }) => holdsStill(find(id), was));
  return held.length === 0 && refusal === null ? null : held;
}
