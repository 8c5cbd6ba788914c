import type { EventLog } from '@task/application';
import type { DataSource } from 'typeorm';
import type { FaultOf } from './ask';
import type { Instances } from './postgres/instances/instances';
import type { PostgresLevels } from './postgres/instances/postgres-levels';
import type { PoolFigures } from './postgres/pool/watched-pool';
import type { Tables } from './tables';
import type { TaskReader } from './task-reader';

/** What a store on one kind of database is made of. */
export interface StoreParts {
  readonly tables: Tables;
  readonly reader: TaskReader;
  readonly events: EventLog;
  /** Where reads go that are no part of a group. */
  readonly readable: DataSource;
  readonly faultOf: FaultOf;
  /** The others on the same database; null where there can be none. */
  readonly instances: Instances | null;
  readonly levels: PostgresLevels | null;
  readonly pool: PoolFigures | null;
  readonly close: () => Promise<void>;
}
