import type { DecideRun, IdempotencyKey, ScheduleRun, StoredSchedule } from '@task/application';
import {
  DomainError,
  IdempotencyKeyReused,
  refusalFrom,
  recordOf,
  ScheduleNameTaken,
  ScheduleNotFound,
  type Decision,
  type EpochMs,
  type Schedule,
} from '@task/domain';
import type { ScheduleTables, Upkeep } from './commands';
import { KEPT_MS, type KeptAnswer } from './kept-answer';
import {
  SCHEDULE_ASSIGNMENTS,
  SCHEDULE_COLUMNS,
  SCHEDULE_PLACES,
  scheduleFrom,
  scheduleValues,
  type ScheduleRow,
} from './schedule-row';

/** Stores a new schedule, or tells what was stored under the idempotency key. @throws ScheduleNameTaken, … */
export async function insertSchedule(
  tables: Upkeep,
  decide: (now: EpochMs) => Schedule,
  now: EpochMs,
  idempotency?: IdempotencyKey,
): Promise<StoredSchedule> {
  const kept = idempotency === undefined ? null : await recalled(tables, idempotency, now);
  if (kept !== null) return kept;
  const schedule = decide(now);
  await oneAtATime(tables);
  const rows = await tables.query(
    'add-schedule',
    `INSERT INTO schedules (${SCHEDULE_COLUMNS}) VALUES (${SCHEDULE_PLACES}) ON CONFLICT DO NOTHING RETURNING id`,
    scheduleValues(schedule),
  );
  const refusal = rows.length > 0 ? null : new ScheduleNameTaken(schedule.name);
  if (idempotency !== undefined) await keep(tables, idempotency, refusal ?? schedule, now);
  if (refusal !== null) throw refusal;
  return { schedule, isReplay: false };
}

/** Stores what is decided about a schedule. @throws ScheduleNotFound, ScheduleNameTaken, whatever `decide` throws */
export async function updateSchedule(
  tables: Upkeep,
  id: string,
  decide: (schedule: Schedule, now: EpochMs) => Schedule,
  now: EpochMs,
): Promise<Schedule> {
  await oneAtATime(tables);
  const schedule = await locked(tables, id);
  const changed = decide(schedule, now);
  if (changed.name !== schedule.name && (await isTaken(tables, changed.name))) {
    throw new ScheduleNameTaken(changed.name);
  }
  await replace(tables, schedule, changed);
  return changed;
}

/** Takes a schedule away. @returns what it was, or null when there is none */
export async function deleteSchedule(tables: Upkeep, id: string): Promise<Schedule | null> {
  const sql = `DELETE FROM schedules WHERE id = ? RETURNING ${SCHEDULE_COLUMNS}`;
  const [row] = await tables.query<ScheduleRow>('delete-schedule', sql, [id]);
  return row === undefined ? null : scheduleFrom(row);
}

/** Lets one schedule run. @returns its new tasks. @throws ScheduleNotFound, whatever `decide` throws */
export async function runSchedule(
  tables: Upkeep,
  id: string,
  decide: DecideRun,
  { now, waiting }: { readonly now: EpochMs; readonly waiting: number },
): Promise<readonly Decision[]> {
  const schedule = await locked(tables, id);
  return take(tables, schedule, decide(schedule, now, waiting));
}

/** Looks at what is due. @returns the new tasks, and how many schedules were moved on */
export async function runDueSchedules(
  tables: ScheduleTables,
  limit: number,
  decide: DecideRun,
  { now, waiting }: { readonly now: EpochMs; readonly waiting: number },
): Promise<{ tasks: readonly Decision[]; moved: number }> {
  const tasks: Decision[] = [];
  let moved = 0;
  for (const row of await tables.dueSchedules(now, limit)) {
    const schedule = scheduleFrom(row);
    const run = decide(schedule, now, waiting + tasks.length);
    tasks.push(...(await take(tables, schedule, run)));
    moved += Number(run.schedule.nextAt !== schedule.nextAt);
  }
  return { tasks, moved };
}

/** The tasks of a run belong to a schedule that was moved on: where somebody else has moved it, they are dropped. */
async function take(
  tables: Upkeep,
  before: Schedule,
  { schedule, tasks }: ScheduleRun,
): Promise<readonly Decision[]> {
  if (schedule === before) return tasks;
  return (await replace(tables, before, schedule)) ? tasks : [];
}

/** @returns whether it was still as it was decided on */
async function replace(tables: Upkeep, before: Schedule, after: Schedule): Promise<boolean> {
  const [, ...values] = scheduleValues(after);
  const rows = await tables.query(
    'move-schedule',
    `UPDATE schedules SET ${SCHEDULE_ASSIGNMENTS} WHERE id = ? AND version = ? RETURNING id`,
    [...values, before.id, before.version],
  );
  return rows.length > 0;
}

/** The schedule as it was committed last, which nobody else changes before this commit. @throws ScheduleNotFound */
async function locked(tables: Upkeep, id: string): Promise<Schedule> {
  const sql = `UPDATE schedules SET version = version WHERE id = ? RETURNING ${SCHEDULE_COLUMNS}`;
  const [row] = await tables.query<ScheduleRow>('lock-schedule', sql, [id]);
  if (row === undefined) throw new ScheduleNotFound(id);
  return scheduleFrom(row);
}

async function isTaken(tables: Upkeep, name: string): Promise<boolean> {
  return (
    (await tables.query('schedule-by-name', 'SELECT id FROM schedules WHERE name = ?', [name])).length > 0
  );
}

/** Who gives a name waits for whoever else does: a unique key that breaks would take the whole group back. */
async function oneAtATime(tables: Upkeep): Promise<void> {
  await tables.query('name-schedule', `UPDATE counters SET value = value + 1 WHERE name = 'schedules'`, []);
}

async function recalled(
  tables: Upkeep,
  { key, fingerprint }: IdempotencyKey,
  now: EpochMs,
): Promise<StoredSchedule | null> {
  const [kept] = await tables.recall([key], now);
  if (kept === undefined) return null;
  if (kept.fingerprint !== fingerprint) throw new IdempotencyKeyReused();
  const answer = JSON.parse(kept.outcome) as KeptAnswer;
  if ('refusal' in answer) throw refusalFrom(answer.refusal);
  return 'schedule' in answer ? { schedule: scheduleFrom(answer.schedule), isReplay: true } : null;
}

async function keep(
  tables: Upkeep,
  { key, fingerprint }: IdempotencyKey,
  outcome: Schedule | DomainError,
  now: EpochMs,
): Promise<void> {
  const answer = outcome instanceof DomainError ? refusalOf(outcome) : { schedule: rowOf(outcome) };
  await tables.keep([{ key, fingerprint, outcome: JSON.stringify(answer), expiresAt: now + KEPT_MS }]);
}

function refusalOf(error: DomainError): KeptAnswer {
  return { refusal: recordOf(error) ?? { code: error.code } };
}

/** A schedule is told again as it was made, also when it has changed since, or is gone. */
function rowOf(schedule: Schedule): ScheduleRow {
  const values = scheduleValues(schedule);
  const pairs = SCHEDULE_COLUMNS.split(', ').map((name, index) => [name, values[index]] as const);
  return Object.fromEntries(pairs) as unknown as ScheduleRow;
}
