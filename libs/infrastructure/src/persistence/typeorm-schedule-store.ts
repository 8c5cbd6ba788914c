import {
  ScheduleStore,
  type Cancellation,
  type DecideRun,
  type IdempotencyKey,
  type SchedulePage,
  type StoredSchedule,
} from '@task/application';
import { ScheduleNotFound, type Decision, type EpochMs, type Schedule, type Task } from '@task/domain';
import type { ScheduleCommand, ScheduleTables } from './commands';
import type { Lane } from './lane';
import { SCHEDULE_COLUMNS, scheduleFrom, type ScheduleRow } from './schedule-row';
import {
  deleteSchedule,
  insertSchedule,
  runDueSchedules,
  runSchedule,
  updateSchedule,
} from './schedule-writes';
import type { SqlQuestions } from './sql-questions';
import { isUuid } from './uuid-text';

const ALWAYS_WANTED: Cancellation = { aborted: false };

/** Schedules in a database: writes go through the lane, together with the tasks that they make. */
export class TypeOrmScheduleStore extends ScheduleStore {
  constructor(
    private readonly lane: Lane,
    private readonly questions: SqlQuestions,
  ) {
    super();
  }

  override create(decide: (now: EpochMs) => Schedule, key?: IdempotencyKey): Promise<StoredSchedule> {
    return this.inLane('', (tables, now) => insertSchedule(tables, decide, now, key));
  }

  override async change(
    id: string,
    decide: (schedule: Schedule, now: EpochMs) => Schedule,
  ): Promise<Schedule> {
    const known = requireUuid(id);
    return this.inLane(known, (tables, now) => updateSchedule(tables, known, decide, now));
  }

  override async remove(id: string): Promise<Schedule | null> {
    if (!isUuid(id)) return null;
    return this.inLane(id.toLowerCase(), (tables) => deleteSchedule(tables, id.toLowerCase()));
  }

  override async run(
    id: string,
    decide: DecideRun,
    signal: Cancellation,
    key?: IdempotencyKey,
  ): Promise<readonly Task[]> {
    const known = requireUuid(id);
    const run: ScheduleCommand['run'] = (tables, at) => runSchedule(tables, known, decide, at);
    return this.lane.submit({ kind: 'schedule', id: known, run, key }, signal);
  }

  override async runDue(limit: number, decide: DecideRun): Promise<number> {
    let moved = 0;
    const run: ScheduleCommand['run'] = async (tables, at) => {
      const ran = await runDueSchedules(tables, limit, decide, at);
      moved = ran.moved;
      return ran.tasks;
    };
    await this.lane.submit({ kind: 'schedule', id: null, run }, ALWAYS_WANTED);
    return moved;
  }

  override async find(id: string): Promise<Schedule | null> {
    if (!isUuid(id)) return null;
    const sql = `SELECT ${SCHEDULE_COLUMNS} FROM schedules WHERE id = ?`;
    const [row] = await this.questions.ask<ScheduleRow>(sql, [id.toLowerCase()]);
    return row === undefined ? null : scheduleFrom(row);
  }

  override async list(limit: number, offset: number): Promise<SchedulePage> {
    const rows = await this.questions.ask<ScheduleRow>(
      `SELECT ${SCHEDULE_COLUMNS} FROM schedules ORDER BY name LIMIT ? OFFSET ?`,
      [limit, offset],
    );
    const [count] = await this.questions.ask<{ total: number }>(
      'SELECT count(*) AS total FROM schedules',
      [],
    );
    return { schedules: rows.map(scheduleFrom), total: count?.total ?? 0 };
  }

  /** Does what makes no task. A refusal reaches the caller once the group is committed. */
  private async inLane<T>(
    id: string,
    work: (tables: ScheduleTables, now: EpochMs) => Promise<T>,
  ): Promise<T> {
    let done: { readonly answer: T } | undefined;
    const run: ScheduleCommand['run'] = async (tables, { now }): Promise<readonly Decision[]> => {
      done = { answer: await work(tables, now) };
      return [];
    };
    await this.lane.submit({ kind: 'schedule', id, run }, ALWAYS_WANTED);
    if (done === undefined) throw new Error('the lane answered without running the work');
    return done.answer;
  }
}

/** @throws ScheduleNotFound */
function requireUuid(id: string): string {
  if (!isUuid(id)) throw new ScheduleNotFound(id);
  return id.toLowerCase();
}
