import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { prepareReader, prepareWriter } from './sqlite-connection';

describe('the connections to a SQLite file', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sqlite-'));
    file = join(folder, 'tasks.db');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('flush every commit to the disk before it is answered', () => {
    const writer = new Sqlite(file);
    prepareWriter(writer);
    expect(writer.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(writer.pragma('synchronous', { simple: true })).toBe(2);
    writer.close();
  });

  it('are refused where that cannot be had', () => {
    const writer = new Sqlite(':memory:');
    expect(() => prepareWriter(writer)).toThrow('SQLite would not be durable: journal_mode memory');
    writer.close();
  });

  it('write by one of them only', () => {
    const writer = new Sqlite(file);
    writer.exec('CREATE TABLE t (a)');
    const reader = new Sqlite(file);
    prepareReader(reader);
    expect(() => reader.exec('INSERT INTO t VALUES (1)')).toThrow(/readonly/);
    reader.close();
    writer.close();
  });
});
