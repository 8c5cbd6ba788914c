import { faultsAt, InvalidTask, TASK_RULES } from '@task/domain';
import { audited } from '../audit/audited';
import type { Call } from '../call';
import type { AuditLog } from '../ports/audit-log';
import type { ConcurrencyKey, ConcurrencyKeys } from '../ports/concurrency-keys';

/** A key, and how many of its tasks may be worked on at once. */
export interface LimitConcurrencyKeyInput {
  readonly key: string;
  /** 1–1 000. */
  readonly limit: number;
}

/** Gives a concurrency key its limit, whether any task uses it yet or not. The same limit again changes nothing. */
export class LimitConcurrencyKey {
  constructor(
    private readonly keys: ConcurrencyKeys,
    private readonly audit: AuditLog,
  ) {}

  /** @throws InvalidTask, StoreUnavailable */
  execute({ key, limit }: LimitConcurrencyKeyInput, call: Call): Promise<ConcurrencyKey> {
    const violations = [
      ...faultsAt('key', TASK_RULES.concurrencyKey.check(key)),
      ...faultsAt('limit', TASK_RULES.keyLimit.check(limit)),
    ];
    if (violations.length > 0) return Promise.reject(new InvalidTask(violations));
    const what = { action: 'concurrency_key.limit', target: key, details: { limit } } as const;
    return audited(this.audit, call, what, () => this.keys.setLimit(key, limit));
  }
}
