import { bad, faultsAt, TASK_RULES, type Fault, type Rule, type TaskType } from '@task/domain';
import { decimal } from '../config/setting';
import { jsonSchemaRule } from './json-schema-rule';

/** The operator's types of tasks as they are configured: what holds for each, by its name. */
export type TaskTypeTable = Readonly<Record<string, unknown>>;

interface Row {
  readonly timeout?: number;
  readonly max_retries?: number;
  readonly retry_base_seconds?: number;
  readonly retry_cap_seconds?: number;
  readonly payload_schema?: object | string;
}

const DAY_SECONDS = 86_400;
const MOST_TYPES = 1000;

/** The fields of a row. */
const FIELDS: Readonly<Record<keyof Row, Rule>> = {
  timeout: TASK_RULES.timeoutSeconds,
  max_retries: TASK_RULES.maxRetries,
  retry_base_seconds: decimal(0, DAY_SECONDS).rule,
  retry_cap_seconds: decimal(0, DAY_SECONDS).rule,
  payload_schema: { schema: {}, check: (value) => schemaFaults(value) },
};

/** What the table takes. */
export const TASK_TYPE_TABLE: Rule = {
  schema: { type: 'object' },
  check: (value) => {
    if (!isTable(value)) return bad('not_object');
    const rows = Object.entries(value);
    if (rows.length > MOST_TYPES) return bad('too_many', { max_items: MOST_TYPES });
    return rows.flatMap(([name, row]) => rowFaults(name, row));
  },
};

/** The types that a table describes; it has passed {@link TASK_TYPE_TABLE}. */
export function taskTypesIn(table: TaskTypeTable): TaskType[] {
  return Object.entries(table).map(([name, value]) => {
    const row = value as Row;
    return {
      name,
      timeoutSeconds: row.timeout ?? null,
      maxRetries: row.max_retries ?? null,
      backoff: { baseMs: msOf(row.retry_base_seconds), capMs: msOf(row.retry_cap_seconds) },
      payload: row.payload_schema === undefined ? null : jsonSchemaRule(schemaIn(row.payload_schema)),
    };
  });
}

function msOf(seconds: number | undefined): number | null {
  return seconds === undefined ? null : seconds * 1000;
}

function rowFaults(name: string, row: unknown): Fault[] {
  const named = at(`.${name}`, TASK_RULES.taskType.check(name));
  if (!isTable(row)) return [...named, ...at(`.${name}`, bad('not_object'))];
  const fields = Object.entries(row).flatMap(([field, value]) => {
    const rule = Object.hasOwn(FIELDS, field) ? FIELDS[field as keyof Row] : undefined;
    const faults =
      rule === undefined ? bad('not_one_of', { allowed: Object.keys(FIELDS) }) : rule.check(value);
    return at(`.${name}.${field}`, faults);
  });
  return [...named, ...fields];
}

function schemaFaults(value: unknown): readonly Fault[] {
  try {
    jsonSchemaRule(schemaIn(value));
    return [];
  } catch (error) {
    return bad('bad_format', { expected: `a JSON Schema (${(error as Error).message})` });
  }
}

/** A schema is a table, or JSON text. */
function schemaIn(value: unknown): object {
  const schema: unknown = typeof value === 'string' ? JSON.parse(value) : value;
  if (!isTable(schema)) throw new Error('it must be an object');
  return schema;
}

function at(path: string, faults: readonly Fault[]): Fault[] {
  return faultsAt(path, faults).map(({ field, ...fault }) => ({ ...fault, path: field }));
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
