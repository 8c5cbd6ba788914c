import type { ModelTask, Outcome } from './model-task';

interface Kept {
  readonly request: string;
  readonly outcome: Outcome;
  readonly until: number;
}

/** A key, the request that it came with, and whether that is a claim. */
export interface ModelKey {
  readonly key: string;
  readonly request: string;
  readonly isClaim: boolean;
}

const DAY_MS = 86_400_000;
const NEVER_KEPT = ['task.invalid', 'queue.full', 'idempotency.key_reused'];

/** What the model remembers under idempotency keys. */
export class ModelMemory {
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly find: (id: string) => ModelTask | undefined) {}

  /** The outcome that a store must give, of the first time or of this one, and which of both it is. */
  once(
    key: ModelKey | null,
    now: number,
    run: () => Outcome,
  ): { readonly outcome: Outcome; readonly isReplay: boolean } {
    const kept = key === null ? undefined : this.alive(key, now);
    if (key !== null && kept !== undefined) {
      if (kept.request !== key.request)
        return { outcome: { refused: 'idempotency.key_reused' }, isReplay: false };
      return { outcome: kept.outcome, isReplay: true };
    }
    const outcome = run();
    const isKept = 'ok' in outcome ? outcome.ok.length > 0 : !NEVER_KEPT.includes(outcome.refused);
    if (key !== null && isKept) {
      this.kept.set(key.key, { request: key.request, outcome, until: now + DAY_MS });
    }
    return { outcome, isReplay: false };
  }

  forget(now: number): void {
    for (const [key, { until }] of this.kept) if (until <= now) this.kept.delete(key);
  }

  private alive({ key, request, isClaim }: ModelKey, now: number): Kept | undefined {
    const kept = this.kept.get(key);
    if (kept === undefined || kept.until <= now) return undefined;
    return isClaim && kept.request === request ? this.heldPart(kept) : kept;
  }

  /** A claim's key stands for those of its leases that live. */
  private heldPart(kept: Kept): Kept | undefined {
    const { outcome } = kept;
    if ('refused' in outcome) return kept;
    const ok = outcome.ok.filter(({ id, token }) => {
      const lease = this.find(id)?.lease;
      return lease?.endedBy === null && lease.token === token;
    });
    return ok.length === 0 ? undefined : { ...kept, outcome: { ok } };
  }
}
