import {
  AuditLog,
  type AuditEntry,
  type AuditFilter,
  type AuditPage,
  type AuditPosition,
  type AuditRecord,
  type Clock,
} from '@task/application';

/** Keeps the audit log in the memory of one process. */
export class InMemoryAuditLog extends AuditLog {
  private readonly entries: AuditEntry[] = [];

  constructor(private readonly clock: Clock) {
    super();
  }

  override async record(...records: readonly AuditRecord[]): Promise<void> {
    await Promise.resolve();
    for (const record of records) this.entries.push(this.entryOf(record));
  }

  override async list(filter: AuditFilter, limit: number, behind: AuditPosition | null): Promise<AuditPage> {
    await Promise.resolve();
    const found = this.entries
      .filter((entry) => suits(entry, filter) && (behind === null || isBehind(entry, behind)))
      .sort((left, right) => right.at - left.at || right.id - left.id);
    const entries = found.slice(0, limit);
    const last = entries.at(-1);
    return {
      entries,
      next: found.length > entries.length && last !== undefined ? [last.at, last.id] : null,
    };
  }

  private entryOf({
    actor,
    action,
    outcome,
    target,
    origin,
    details = {},
    count = 1,
  }: AuditRecord): AuditEntry {
    return {
      id: this.entries.length + 1,
      at: this.clock.now(),
      ...{ actor, action, outcome, target, count },
      address: origin?.address ?? null,
      requestId: origin?.requestId ?? null,
      details: structuredClone(details),
    };
  }
}

function suits({ actor, action, at }: AuditEntry, filter: AuditFilter): boolean {
  return (
    (filter.actor === undefined || filter.actor === actor) &&
    (filter.action === undefined || filter.action === action) &&
    (filter.after === undefined || at >= filter.after) &&
    (filter.before === undefined || at < filter.before)
  );
}

function isBehind(entry: AuditEntry, [at, id]: AuditPosition): boolean {
  return entry.at < at || (entry.at === at && entry.id < id);
}
