import {
  AUDIT_ACTIONS,
  AUDIT_OUTCOMES,
  AuditLog,
  type AuditEntry,
  type AuditFilter,
  type AuditPage,
  type AuditPosition,
  type AuditRecord,
} from '@task/application';
import type { EpochMs } from '@task/domain';
import type { DataSource } from 'typeorm';
import { ask, type FaultOf } from './ask';
import type { SqlValue, Upkeep } from './commands';
import { inLane } from './in-lane';
import type { Lane } from './lane';
import { numbered } from './postgres/numbered';

interface AuditRow {
  readonly id: number;
  readonly at: number;
  readonly actor: string | null;
  readonly action: string;
  readonly outcome: string;
  readonly target: string | null;
  readonly address: string | null;
  readonly request_id: string | null;
  readonly occurrences: number;
  readonly details: string;
}

/** The audit log in the database: rows are added through the lane, and read beside it. */
export class TypeOrmAuditLog extends AuditLog {
  constructor(
    private readonly lane: Lane,
    private readonly readable: DataSource,
    private readonly faultOf: FaultOf,
  ) {
    super();
  }

  override async record(...records: readonly AuditRecord[]): Promise<void> {
    await inLane(this.lane, async (tables, now) => {
      for (const record of records) await add(tables, record, now);
    });
  }

  override async list(filter: AuditFilter, limit: number, behind: AuditPosition | null): Promise<AuditPage> {
    const { where, values } = conditionsOf(filter, behind);
    // One more than asked for tells whether there is a next page.
    const sql = `SELECT * FROM audit_log ${where} ORDER BY at DESC, id DESC LIMIT ?`;
    const isPostgres = this.readable.options.type === 'postgres';
    const asked = this.readable.query<AuditRow[]>(isPostgres ? numbered(sql) : sql, [...values, limit + 1]);
    const rows = await ask(asked, this.faultOf);
    const entries = rows.slice(0, limit).map(entryFrom);
    const last = entries.at(-1);
    return { entries, next: rows.length > limit && last !== undefined ? [last.at, last.id] : null };
  }
}

async function add(tables: Upkeep, record: AuditRecord, now: EpochMs): Promise<void> {
  const { actor, action, outcome, target, origin, details = {}, count = 1 } = record;
  await tables.query('add-audit-entry', INSERT, [
    ...[now, actor, action, outcome, target, origin?.address ?? null],
    ...[origin?.requestId ?? null, count, JSON.stringify(details)],
  ]);
}

const INSERT = `INSERT INTO audit_log
  (at, actor, action, outcome, target, address, request_id, occurrences, details)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

function conditionsOf(
  { actor, action, after, before }: AuditFilter,
  behind: AuditPosition | null,
): { where: string; values: readonly SqlValue[] } {
  const conditions: (readonly [sql: string, ...values: SqlValue[]])[] = [];
  if (actor !== undefined) conditions.push(['actor = ?', actor]);
  if (action !== undefined) conditions.push(['action = ?', action]);
  if (after !== undefined) conditions.push(['at >= ?', after]);
  if (before !== undefined) conditions.push(['at < ?', before]);
  if (behind !== null) conditions.push(['(at, id) < (?, ?)', ...behind]);
  const sql = conditions.map(([condition]) => condition).join(' AND ');
  return {
    where: sql === '' ? '' : `WHERE ${sql}`,
    values: conditions.flatMap(([, ...values]) => values),
  };
}

function entryFrom({ request_id, occurrences, ...row }: AuditRow): AuditEntry {
  return {
    ...{ id: row.id, at: row.at, actor: row.actor, target: row.target, address: row.address },
    action: known(row.action, AUDIT_ACTIONS),
    outcome: known(row.outcome, AUDIT_OUTCOMES),
    requestId: request_id,
    count: occurrences,
    details: JSON.parse(row.details) as AuditEntry['details'],
  };
}

function known<Word extends string>(word: string, words: readonly Word[]): Word {
  const found = words.find((candidate) => candidate === word);
  if (found === undefined) throw new Error(`the audit log has a row of another release: ${word}`);
  return found;
}
