import {
  MISSED_POLICIES,
  JsonDocument,
  type RunFailure,
  type Schedule,
  type TaskTemplate,
} from '@task/domain';

/** A row of `schedules`. */
export interface ScheduleRow {
  readonly id: string;
  readonly name: string;
  readonly cron: string | null;
  readonly interval_seconds: number | null;
  readonly time_zone: string;
  readonly anchor_at: number;
  /** JSON. */
  readonly task: string;
  /** Its place in `MISSED_POLICIES`. */
  readonly missed: number;
  readonly is_enabled: number;
  readonly next_at: number | null;
  readonly last_at: number | null;
  readonly last_task_id: string | null;
  /** JSON. */
  readonly last_error: string | null;
  readonly created_at: number;
  readonly created_by: string;
  readonly updated_at: number;
  readonly updated_by: string;
  readonly version: number;
}

const NAMES = [
  ...['id', 'name', 'cron', 'interval_seconds', 'time_zone', 'anchor_at', 'task', 'missed', 'is_enabled'],
  ...['next_at', 'last_at', 'last_task_id', 'last_error'],
  ...['created_at', 'created_by', 'updated_at', 'updated_by', 'version'],
];

/** What a {@link ScheduleRow} is read from, and the order of {@link scheduleValues}. */
export const SCHEDULE_COLUMNS = NAMES.join(', ');
/** A place for each of them. */
export const SCHEDULE_PLACES = NAMES.map(() => '?').join(', ');
/** The same as assignments, without the id. */
export const SCHEDULE_ASSIGNMENTS = NAMES.slice(1)
  .map((name) => `${name} = ?`)
  .join(', ');

/** Schedules that are due, the earliest first. */
export const DUE_SCHEDULES = `SELECT ${SCHEDULE_COLUMNS} FROM schedules WHERE next_at <= ?
  ORDER BY next_at, id LIMIT ?`;

/** The values of a schedule's columns, the id first. */
export function scheduleValues(schedule: Schedule): readonly (string | number | null)[] {
  const { lastError } = schedule;
  return [
    ...[schedule.id, schedule.name, schedule.cron, schedule.intervalSeconds, schedule.timeZone],
    ...[schedule.anchorAt, templateText(schedule.task), MISSED_POLICIES.indexOf(schedule.missed)],
    ...[Number(schedule.isEnabled), schedule.nextAt, schedule.lastAt, schedule.lastTaskId],
    lastError === null ? null : JSON.stringify(lastError),
    ...[schedule.createdAt, schedule.createdBy, schedule.updatedAt, schedule.updatedBy, schedule.version],
  ];
}

/** The schedule that a row holds. */
export function scheduleFrom(row: ScheduleRow): Schedule {
  return {
    ...{ id: row.id, name: row.name, cron: row.cron, intervalSeconds: row.interval_seconds },
    ...{ timeZone: row.time_zone, anchorAt: row.anchor_at, task: templateFrom(row.task) },
    missed: MISSED_POLICIES[row.missed] ?? 'once',
    isEnabled: row.is_enabled === 1,
    ...{ nextAt: row.next_at, lastAt: row.last_at, lastTaskId: row.last_task_id },
    lastError: row.last_error === null ? null : (JSON.parse(row.last_error) as RunFailure),
    ...{ createdAt: row.created_at, createdBy: row.created_by },
    ...{ updatedAt: row.updated_at, updatedBy: row.updated_by, version: row.version },
  };
}

const DOCUMENTS = ['payload', 'metadata'] as const;

/** Documents are kept as text within the text: their keys stay as they came, whatever they are called. */
function templateText(template: TaskTemplate): string {
  const texts = DOCUMENTS.flatMap((name) => {
    const document = template[name];
    return document === undefined || document === null ? [] : [[name, document.text] as const];
  });
  return JSON.stringify({ ...template, ...Object.fromEntries(texts) });
}

function templateFrom(text: string): TaskTemplate {
  const read = JSON.parse(text) as Record<string, unknown>;
  const documents = DOCUMENTS.flatMap((name) => {
    const document = read[name];
    return typeof document === 'string' ? [[name, JsonDocument.fromText(document)] as const] : [];
  });
  return { ...read, ...Object.fromEntries(documents) };
}
