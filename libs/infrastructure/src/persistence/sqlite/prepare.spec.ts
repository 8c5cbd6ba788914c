import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { cipherDriver, type Driver } from './encryption/cipher-driver';
import { prepare, PreparedStatements } from './prepare';

const RUNS = 20;

/** Both are compiled alike: what is prepared past `prepare` is slow with either. */
const DRIVERS: readonly [string, Driver][] = [
  ['plain files', Sqlite],
  ['encrypted files', cipherDriver()],
];

describe.each(DRIVERS)('a prepared statement of the driver for %s', (_, Database) => {
  let db: Sqlite.Database;
  let asked: number;

  beforeEach(() => {
    db = new Database(':memory:');
    asked = 0;
    // With statistics at hand the planner asks for the value of WITNESS(3) whenever it compiles; a run asks once more.
    db.function('WITNESS', { deterministic: true }, (value: unknown) => {
      asked += 1;
      return value;
    });
    db.exec(`CREATE TABLE t (a integer, b integer, c integer);
      CREATE INDEX t_by_a ON t (a, b);
      CREATE INDEX t_by_c ON t (c) WHERE b = 1;
      CREATE TABLE u (c integer PRIMARY KEY, d integer);
      WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 999)
        INSERT INTO t SELECT i % 20, i % 7, i FROM n;
      INSERT INTO u SELECT c, c FROM t;
      ANALYZE`);
  });

  afterEach(() => {
    db.close();
  });

  /** How often a statement was compiled while it ran, each time with other values. */
  const compiledAgain = (statement: Sqlite.Statement, values: number): number => {
    asked = 0;
    for (let run = 1; run <= RUNS; run += 1) statement.all(...Array<number>(values).fill(run));
    return asked - RUNS;
  };

  const STATEMENTS: readonly [string, string, number][] = [
    ['an indexed column', 'SELECT c FROM t WHERE a = WITNESS(3) AND b = ?', 1],
    ['a range', 'SELECT c FROM t WHERE a = WITNESS(3) AND b BETWEEN ? AND ?', 2],
    ['a limit', 'SELECT c FROM t WHERE a = WITNESS(3) LIMIT ?', 1],
    ['a partial index', 'SELECT a FROM t WHERE a = WITNESS(3) AND b = ? AND c > 5', 1],
    ['a join', 'SELECT d FROM t JOIN u ON u.c = t.c WHERE t.a = WITNESS(3) AND t.b = ? AND u.d > ?', 2],
  ];

  it.each(STATEMENTS)('stays compiled where a value meets %s', (_, sql, values) => {
    expect(compiledAgain(prepare(db, sql), values)).toBeLessThanOrEqual(0);
  });

  it.each(STATEMENTS)('would be compiled at each run by itself where a value meets %s', (_, sql, values) => {
    expect(compiledAgain(db.prepare(sql), values)).toBeGreaterThanOrEqual(RUNS - 1);
  });

  it('binds the values that it is given', () => {
    const row = prepare(db, 'SELECT ? AS a, ? AS b, ? AS c, ? AS d').get(
      'text',
      7,
      null,
      Buffer.from([1, 255]),
    );
    expect(row).toEqual({ a: 'text', b: 7, c: null, d: Buffer.from([1, 255]) });
  });

  it('is made once for each text, and kept', () => {
    const statements = new PreparedStatements(db);
    const first = statements.of('SELECT a FROM t WHERE a = ? LIMIT 1');
    expect(statements.of('SELECT a FROM t WHERE a = ? LIMIT 1')).toBe(first);
    expect(statements.of('SELECT b FROM t WHERE a = ? LIMIT 1')).not.toBe(first);
    expect(first.all(3)).toEqual([{ a: 3 }]);
    expect(
      compiledAgain(statements.of('SELECT c FROM t WHERE a = WITNESS(3) AND b = ?'), 1),
    ).toBeLessThanOrEqual(0);
  });
});

describe('prepared statements', () => {
  it('are kept by the hundred, those that are used before others', () => {
    const db = new Sqlite(':memory:');
    const statements = new PreparedStatements(db);
    const text = (number: number): string => `SELECT ${number}`;
    const used = statements.of(text(0));
    const unused = statements.of(text(1));
    for (let number = 2; number < 700; number += 1) {
      statements.of(text(number));
      statements.of(text(0));
    }

    expect(statements.of(text(0))).toBe(used);
    expect(statements.of(text(1))).not.toBe(unused);
    expect(unused.all()).toEqual([{ 1: 1 }]);
    db.close();
  });
});

describe('the statements of this folder', () => {
  /** Where a text asks the driver itself to prepare. */
  const unprotected = (text: string): string[] => text.match(/\.prepare\b.*/g) ?? [];

  it('are all prepared here', () => {
    const files = readdirSync(__dirname).filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
    const asking = files.filter(
      (file) => unprotected(readFileSync(join(__dirname, file), 'utf8')).length > 0,
    );
    expect(asking).toEqual(['prepare.ts']);
  });

  it('which would be noticed', () => {
    expect(unprotected("this.all = db.prepare('SELECT 1');")).toHaveLength(1);
    expect(unprotected("const rows = this.db\n  .prepare<[number]>('SELECT 1');")).toHaveLength(1);
    expect(unprotected("this.all = prepare(db, 'SELECT 1');")).toEqual([]);
  });
});
