import { loadLater } from '../../system/load-later';

/** The driver of PostgreSQL with a pool of ours, as TypeORM takes it. Loaded when the first data source needs it. */
export function postgresDriver(): object {
  const { defaults } = loadLater('pg') as typeof import('pg');
  const ours = loadLater('../persistence/postgres/pool/watched-pool') as typeof import('./pool/watched-pool');
  return { Pool: ours.WatchedPool, defaults };
}
