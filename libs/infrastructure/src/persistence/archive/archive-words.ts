import type { Dialect } from '../schema/dialect';

/** What the two databases say differently about archiving. */
interface ArchiveWords {
  /** That a column is one of the numbers in a parameter, which {@link ArchiveWords.list} wrote. */
  readonly isListed: string;
  readonly list: (values: readonly (number | string)[]) => string;
  /** The same for ids of tasks. */
  readonly isListedId: string;
  /** Bytes that a text takes, without reading it. */
  readonly bytes: (column: string) => string;
  /** Locks the tasks that are read, and leaves out those that somebody else has locked. */
  readonly locked: string;
}

export const ARCHIVE_WORDS: Readonly<Record<Dialect, ArchiveWords>> = {
  sqlite: {
    isListed: 'IN (SELECT value FROM json_each(?))',
    list: (values) => JSON.stringify(values),
    isListedId: `IN (SELECT unhex(value, '-') FROM json_each(?))`,
    bytes: (column) => `coalesce(octet_length(${column}), 0)`,
    locked: '',
  },
  postgres: {
    isListed: '= ANY(?::bigint[])',
    list: (values) => `{${values.join(',')}}`,
    isListedId: '= ANY(?::uuid[])',
    bytes: (column) => `coalesce(pg_column_size(${column}), 0)`,
    locked: 'FOR UPDATE OF t SKIP LOCKED',
  },
};
