import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoreUnavailable } from '@task/application';
import { SqliteFile } from './sqlite-file';

describe('SqliteFile', () => {
  let folder: string;
  let path: string;
  let file: SqliteFile;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'file-'));
    path = join(folder, 'tasks.db');
    writeFileSync(path, 'tasks');
    file = new SqliteFile(path);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const look = (): void => file.requireInPlace();
  const gone = new StoreUnavailable('file_gone');
  const replace = (name: string): void => {
    renameSync(name, `${name}.aside`);
    writeFileSync(name, 'others');
  };

  it('is in place as long as it is where it was opened, whatever is written to it', () => {
    expect(look).not.toThrow();
    writeFileSync(path, 'more tasks');
    expect(look).not.toThrow();
  });

  it('lets its log come later', () => {
    look();
    writeFileSync(`${path}-wal`, 'log');
    expect(look).not.toThrow();
  });

  it.each(['', '-wal'])('is gone when tasks.db%s is removed or replaced, until it is back', (suffix) => {
    const name = `${path}${suffix}`;
    writeFileSync(`${path}-wal`, 'log');
    look();
    replace(name);
    expect(look).toThrow(gone);
    rmSync(name);
    expect(look).toThrow(gone);
    renameSync(`${name}.aside`, name);
    expect(look).not.toThrow();
  });
});
