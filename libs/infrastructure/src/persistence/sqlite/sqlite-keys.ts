import type Sqlite from 'better-sqlite3';
import { DEFAULT_KEY_LIMIT } from '@task/domain';
import { HELD, READY } from '../codes';
import { NameCache } from '../name-cache';
import type { KeyDelta } from '../roll-up-rows';
import type { StoredKey } from '../tables';
import { prepare } from './prepare';

/** Concurrency keys: their limits, their loads, and their tasks in order. */
export class SqliteKeys {
  private readonly names = new NameCache();
  private readonly findKey: Sqlite.Statement<[string], { id: number }>;
  private readonly addKey: Sqlite.Statement<[string, number], { id: number }>;
  private readonly limitOne: Sqlite.Statement<[string, number], { id: number }>;
  private readonly load: Sqlite.Statement<[number], StoredKey>;
  private readonly fold: Sqlite.Statement<[number, number, number, number]>;
  private readonly held: Sqlite.Statement<[number, number], { seq: number }>;
  private readonly ready: Sqlite.Statement<[number, number], { seq: number }>;
  private readonly stranded: Sqlite.Statement<[number], { id: number }>;

  constructor(db: Sqlite.Database) {
    const add = `INSERT INTO concurrency_keys (name, max_working, working, ready, held) VALUES (?, ?, 0, 0, 0)`;
    this.findKey = prepare(db, 'SELECT id FROM concurrency_keys WHERE name = ?');
    this.addKey = prepare(db, `${add} RETURNING id`);
    this.limitOne = prepare(
      db,
      `${add} ON CONFLICT (name) DO UPDATE SET max_working = excluded.max_working RETURNING id`,
    );
    this.load = prepare(
      db,
      'SELECT id, max_working AS "limit", working, ready, held FROM concurrency_keys WHERE id = ?',
    );
    this.fold = prepare(
      db,
      'UPDATE concurrency_keys SET working = working + ?, ready = ready + ?, held = held + ? WHERE id = ?',
    );
    const ofKey = (gate: number): string =>
      `SELECT seq FROM tasks INDEXED BY tasks_by_key WHERE status = 0 AND key_id = ? AND gate = ${gate}`;
    this.held = prepare(db, `${ofKey(HELD)} ORDER BY rank, seq LIMIT ?`);
    this.ready = prepare(db, `${ofKey(READY)} ORDER BY rank DESC, seq DESC LIMIT ?`);
    this.stranded = prepare(
      db,
      `SELECT id FROM concurrency_keys INDEXED BY concurrency_keys_held
       WHERE held > 0 AND working + ready < max_working LIMIT ?`,
    );
  }

  idOf(name: string): number {
    return this.names.get(name, () =>
      idIn(this.findKey.get(name) ?? this.addKey.get(name, DEFAULT_KEY_LIMIT)),
    );
  }

  limit(name: string, limit: number): number {
    return idIn(this.limitOne.get(name, limit));
  }

  loads(ids: readonly number[]): readonly StoredKey[] {
    return ids.flatMap((id) => this.load.get(id) ?? []);
  }

  add(deltas: readonly KeyDelta[]): void {
    for (const { keyId, working, ready, held } of deltas) this.fold.run(working, ready, held, keyId);
  }

  heldOf(id: number, limit: number): readonly number[] {
    return this.held.all(id, limit).map(({ seq }) => seq);
  }

  readyOf(id: number, limit: number): readonly number[] {
    return this.ready.all(id, limit).map(({ seq }) => seq);
  }

  strandedOf(limit: number): readonly number[] {
    return this.stranded.all(limit).map(({ id }) => id);
  }

  /** The transaction is committed: what it named is known from now on. */
  keep(): void {
    this.names.keep();
  }

  /** The transaction is gone, and with it what it named. */
  forget(): void {
    this.names.forget();
  }
}

function idIn(row: { id: number } | undefined): number {
  if (row === undefined) throw new Error('the database gave a new key no number');
  return row.id;
}
