import type { Clock } from '@task/application';
import type { DataSource } from 'typeorm';
import { createReadOnlyDataSource } from '../data-source';
import type { StoreParts } from '../store-parts';
import { boundLeases } from './bound-leases';
import { connectionOf } from './sqlite-connection';
import { SqliteEventLog } from './sqlite-event-log';
import { sqliteFault } from './sqlite-faults';
import { SqliteFile } from './sqlite-file';
import { SqliteReader } from './sqlite-reader';
import { SqliteTables } from './sqlite-tables';

/** A store on a file that is open. */
export async function openSqlite(
  source: DataSource,
  path: string,
  encryptionKey: string | null,
  clock: Clock,
): Promise<StoreParts> {
  const readOnly = await createReadOnlyDataSource(path, encryptionKey).initialize();
  boundLeases(connectionOf(source), clock.now());
  const file = new SqliteFile(path);
  return {
    tables: new SqliteTables(connectionOf(source), clock, file),
    reader: new SqliteReader(connectionOf(readOnly), file),
    events: new SqliteEventLog(connectionOf(readOnly)),
    readable: readOnly,
    faultOf: sqliteFault,
    instances: null,
    levels: null,
    pool: null,
    close: () => readOnly.destroy(),
  };
}
