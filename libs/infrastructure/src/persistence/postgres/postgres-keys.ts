import { DEFAULT_KEY_LIMIT } from '@task/domain';
import { HELD, READY } from '../codes';
import { NameCache } from '../name-cache';
import type { KeyDelta } from '../roll-up-rows';
import type { StoredKey } from '../tables';
import { columnsOf, unnested, type ColumnTypes } from './bulk';
import type { PostgresConnection } from './postgres-connection';

/**
 * Concurrency keys: their limits, their loads, and their tasks in order. Loads change behind the event counter's lock
 * only, so that one transaction at a time looks at a key and moves its tasks.
 */
export class PostgresKeys {
  private readonly names = new NameCache();

  constructor(private readonly connection: PostgresConnection) {}

  /** The numbers of keys by their names; made, in one order on all instances, where they are missing. */
  async idsOf(names: ReadonlySet<string>): Promise<(name: string) => number> {
    const unknown = [...names].filter((name) => this.names.peek(name) === undefined).toSorted();
    if (unknown.length > 0) await this.name(unknown);
    return (name) => known(this.names.peek(name));
  }

  async limit(name: string, limit: number): Promise<number> {
    const { rows } = await this.connection.query<{ id: number }>('limit-key', LIMIT, [name, limit]);
    return known(rows[0]?.id);
  }

  async loads(ids: readonly number[]): Promise<readonly StoredKey[]> {
    return (await this.connection.query<StoredKey>('key-loads', LOADS, [ids])).rows;
  }

  async add(deltas: readonly KeyDelta[]): Promise<void> {
    if (deltas.length === 0) return;
    const rows = deltas
      .toSorted((left, right) => left.keyId - right.keyId)
      .map(({ keyId, working, ready, held }) => [keyId, working, ready, held]);
    await this.connection.query('add-key-loads', FOLD, columnsOf(rows, DELTA));
  }

  heldOf(id: number, limit: number): Promise<readonly number[]> {
    return this.seqs('key-held', `${ofKey(HELD)} ORDER BY rank, seq ${LOCKED}`, [id, limit]);
  }

  readyOf(id: number, limit: number): Promise<readonly number[]> {
    return this.seqs('key-ready', `${ofKey(READY)} ORDER BY rank DESC, seq DESC ${LOCKED}`, [id, limit]);
  }

  async strandedOf(limit: number): Promise<readonly number[]> {
    const { rows } = await this.connection.query<{ id: number }>('stranded-keys', STRANDED, [limit]);
    return rows.map(({ id }) => id);
  }

  keep(): void {
    this.names.keep();
  }

  forget(): void {
    this.names.forget();
  }

  private async name(names: readonly string[]): Promise<void> {
    await this.connection.query('add-keys', ADD, [names, DEFAULT_KEY_LIMIT]);
    const sql = 'SELECT id, name FROM concurrency_keys WHERE name = ANY($1::text[])';
    const { rows } = await this.connection.query<{ id: number; name: string }>('find-keys', sql, [names]);
    for (const { id, name } of rows) this.names.get(name, () => id);
  }

  private async seqs(name: string, sql: string, values: readonly number[]): Promise<readonly number[]> {
    const { rows } = await this.connection.query<{ seq: number }>(name, sql, values);
    return rows.map(({ seq }) => seq);
  }
}

const DELTA: ColumnTypes = { id: 'int', working: 'int', ready: 'int', held: 'int' };
const LOCKED = 'LIMIT $2 FOR UPDATE SKIP LOCKED';
const ADD = `INSERT INTO concurrency_keys (name, max_working, working, ready, held)
  SELECT name, $2, 0, 0, 0 FROM unnest($1::text[]) AS name ORDER BY name ON CONFLICT DO NOTHING`;
const LIMIT = `INSERT INTO concurrency_keys (name, max_working, working, ready, held) VALUES ($1, $2, 0, 0, 0)
  ON CONFLICT (name) DO UPDATE SET max_working = excluded.max_working RETURNING id`;
const LOADS = `SELECT id, max_working AS "limit", working, ready, held FROM concurrency_keys
  WHERE id = ANY($1::int[]) ORDER BY id`;
const FOLD = `UPDATE concurrency_keys k SET working = k.working + v.working, ready = k.ready + v.ready,
  held = k.held + v.held FROM ${unnested(DELTA)} WHERE k.id = v.id`;
const STRANDED = `SELECT id FROM concurrency_keys WHERE held > 0 AND working + ready < max_working LIMIT $1`;

function ofKey(gate: number): string {
  return `SELECT seq FROM tasks WHERE status = 0 AND key_id = $1 AND gate = ${gate}`;
}

function known(id: number | undefined): number {
  if (id === undefined) throw new Error('the database gave a new key no number');
  return id;
}
