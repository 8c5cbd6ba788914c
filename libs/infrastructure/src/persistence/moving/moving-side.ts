import type { MovedRow, MovedTable, MovedValue } from './moved-tables';

/** One of the two databases between which data are moved, on one connection. */
export interface MovingSide {
  begin(): Promise<void>;
  commit(): Promise<void>;
  /** Never rejects. */
  rollback(): Promise<void>;

  /** Runs a statement with `?` for its parameters, in words that both databases take. @returns its rows */
  run<Row extends object>(sql: string, values?: readonly MovedValue[]): Promise<readonly Row[]>;
  /** Rows in the order of their key, behind this one. */
  read(table: MovedTable, after: MovedRow | null, limit: number): Promise<readonly MovedRow[]>;
  insert(table: MovedTable, rows: readonly MovedRow[]): Promise<void>;

  hasTable(name: string): Promise<boolean>;
  /** The number of the last task that arrived, 0 before the first. */
  lastTask(): Promise<number>;
  setLastTask(seq: number): Promise<void>;
  /** Lets the next row of a table that numbers its rows come behind those that are there. */
  continueNumbers(table: MovedTable): Promise<void>;
  /** Whether some other process has it open as its service would. */
  isInUse(): Promise<boolean>;
  /** From now on what is committed is on disk. */
  makeDurable(): Promise<void>;
  /** Looks at what is there now, so that good plans are made from the first question on. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

/** `SELECT … WHERE (a, b) > (?, ?) ORDER BY a, b LIMIT ?` */
export function pageSql({ name, columns, key }: MovedTable, isFirst: boolean): string {
  const order = key.join(', ');
  const behind = isFirst ? '' : `WHERE (${order}) > (${key.map(() => '?').join(', ')})`;
  return `SELECT ${columns.map((column) => column.name).join(', ')} FROM ${name} ${behind}
    ORDER BY ${order} LIMIT ?`;
}

/** The key of a row. */
export function keyOf({ columns, key }: MovedTable, row: MovedRow): MovedRow {
  return key.map((name) => row[columns.findIndex((column) => column.name === name)] ?? null);
}
