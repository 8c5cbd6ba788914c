/** The two databases, and how each writes the few column types that the schema needs. */
export const DIALECTS = {
  sqlite: { uuid: 'blob', bigint: 'integer', smallint: 'integer' },
  postgres: { uuid: 'uuid', bigint: 'bigint', smallint: 'smallint' },
} as const;

export type Dialect = keyof typeof DIALECTS;
