import { decodePosition, encodePosition } from '../tasks/cursor';
import type { AuditEntry, AuditFilter, AuditLog, AuditPosition } from '../ports/audit-log';
import type { RefusedAccess } from './refused-access';

/** Which entries to read, and which page of them. */
export interface ReadAuditInput {
  readonly filter: AuditFilter;
  /** 1–1000. */
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** A page of the audit log, the latest first, and how to get the next one. */
export interface AuditRead {
  readonly entries: readonly AuditEntry[];
  readonly nextCursor: string | null;
}

/** Reads who did which sensitive thing. */
export class ReadAudit {
  constructor(
    private readonly audit: AuditLog,
    private readonly refused: RefusedAccess,
  ) {}

  /** Refusals that this process still counts are written down first. @throws InvalidTask for a cursor of another list */
  async execute({ filter, limit, cursor }: ReadAuditInput): Promise<AuditRead> {
    const list = ['audit', ...Object.entries(filter).sort()];
    const behind = cursor === undefined ? null : positionOf(decodePosition(cursor, list, 2));
    await this.refused.flush();
    const { entries, next } = await this.audit.list(filter, limit, behind);
    return { entries, nextCursor: next === null ? null : encodePosition(next, list) };
  }
}

function positionOf([at = 0, id = 0]: readonly number[]): AuditPosition {
  return [at, id];
}
