import type { EntitySchemaColumnOptions } from 'typeorm';
import { entitiesFor } from '../schema/entities';

/** A value as both databases have it: ids as UUID text, times and numbers as numbers. */
export type MovedValue = string | number | null;

/** The values of a row, in the order of its table's columns. */
export type MovedRow = readonly MovedValue[];

/** A column, by its type on PostgreSQL. */
export interface MovedColumn {
  readonly name: string;
  readonly type: string;
}

/** A table whose rows are moved. */
export interface MovedTable {
  readonly name: string;
  readonly columns: readonly MovedColumn[];
  /** The columns by which its rows are told apart, and read in order. */
  readonly key: readonly string[];
  /** Whether the database numbers its rows itself. */
  readonly isNumbered: boolean;
}

/** Others refer to them. */
const FIRST = ['directories', 'task_groups', 'concurrency_keys', 'tags', 'tasks'];
/** Each database counts in its own way: set when all the rest is there. And levels of limits are of the moment. */
const NOT_MOVED = ['counters', 'rate_buckets'];

/** Every table with what it holds, those that others refer to before them. */
export function movedTables(): readonly MovedTable[] {
  const tables = entitiesFor('postgres')
    .map(({ options }) => tableFrom(options.name, options.columns as Columns))
    .filter(({ name }) => !NOT_MOVED.includes(name));
  const place = ({ name }: MovedTable): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return tables.toSorted((left, right) => place(left) - place(right));
}

type Columns = Readonly<Record<string, EntitySchemaColumnOptions>>;

function tableFrom(name: string, columns: Columns): MovedTable {
  const all = Object.entries(columns);
  return {
    name,
    columns: all.map(([column, { type }]) => ({ name: column, type: String(type) })),
    key: all.filter(([, { primary }]) => primary === true).map(([column]) => column),
    isNumbered: all.some(([, { generated }]) => generated !== undefined),
  };
}
