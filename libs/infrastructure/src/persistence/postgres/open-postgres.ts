import type { DataSource } from 'typeorm';
import type { Commits } from '../commits';
import type { StoreParts } from '../store-parts';
import { Instances } from './instances/instances';
import { PostgresLevels } from './instances/postgres-levels';
import { poolOf } from './pool/watched-pool';
import { PostgresEventLog } from './postgres-event-log';
import { postgresFault } from './postgres-faults';
import { PostgresReader } from './postgres-reader';
import { PostgresTables } from './postgres-tables';

/** A store on a PostgreSQL that is open; hears the other instances from now on. */
export async function openPostgres(source: DataSource, url: string, commits: Commits): Promise<StoreParts> {
  const instances = new Instances(url, source, commits);
  const pool = poolOf(source);
  await Promise.all([instances.start(), pool.warm()]);
  const tables = new PostgresTables(source, instances);
  return {
    tables,
    reader: new PostgresReader(source),
    events: new PostgresEventLog(source),
    readable: source,
    faultOf: postgresFault,
    instances,
    levels: new PostgresLevels(source, instances),
    pool,
    close: () => tables.release(),
  };
}
