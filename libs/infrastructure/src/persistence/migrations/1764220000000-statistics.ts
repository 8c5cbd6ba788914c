import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DIALECTS } from '../schema/dialect';

/**
 * What statistics are read from, at any number of tasks: tasks by type and knowledge base, what happened by the hour
 * as well as by the minute, and processing times by minute, hour and day, and of each type. Filled from what was
 * counted so far, and the times of types from the tasks themselves.
 */
export class Statistics1764220000000 implements MigrationInterface {
  readonly name = 'Statistics1764220000000';

  async up(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.dataSource.options.type === 'postgres';
    const { bigint, smallint } = DIALECTS[isPostgres ? 'postgres' : 'sqlite'];
    const keyedOnly = isPostgres ? '' : ' WITHOUT ROWID';
    await runner.query(
      `CREATE TABLE type_counts (
        kb_id text NOT NULL,
        task_type text NOT NULL,
        status ${smallint} NOT NULL,
        tasks ${bigint} NOT NULL,
        processing_ms ${bigint} NOT NULL,
        PRIMARY KEY (kb_id, task_type, status)
      )${keyedOnly}`,
    );
    await runner.query(
      `CREATE TABLE stat_hours (
        hour ${bigint} PRIMARY KEY,
        created integer NOT NULL,
        claimed integer NOT NULL,
        completed integer NOT NULL,
        failed integer NOT NULL,
        cancelled integer NOT NULL,
        retried integer NOT NULL,
        processing_ms ${bigint} NOT NULL
      )`,
    );
    await runner.query(
      `CREATE TABLE time_bins (
        task_type text NOT NULL,
        span_ms integer NOT NULL,
        start ${bigint} NOT NULL,
        bin ${smallint} NOT NULL,
        tasks integer NOT NULL,
        PRIMARY KEY (task_type, span_ms, start, bin)
      )${keyedOnly}`,
    );
    for (const statement of FILLING) await runner.query(statement);
    await runner.query(`DROP TABLE processing_times`);
  }

  async down(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.dataSource.options.type === 'postgres';
    const { bigint, smallint } = DIALECTS[isPostgres ? 'postgres' : 'sqlite'];
    const keyedOnly = isPostgres ? '' : ' WITHOUT ROWID';
    await runner.query(
      `CREATE TABLE processing_times (
      minute ${bigint} NOT NULL,
      bin ${smallint} NOT NULL,
      tasks integer NOT NULL,
      PRIMARY KEY (minute, bin)
    )${keyedOnly}`,
    );
    await runner.query(
      `INSERT INTO processing_times (minute, bin, tasks)
       SELECT start, bin, tasks FROM time_bins WHERE task_type = '' AND span_ms = ${MINUTE_MS}`,
    );
    for (const table of ['time_bins', 'stat_hours', 'type_counts']) await runner.query(`DROP TABLE ${table}`);
  }
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Bins of minutes put together to those of longer spans; of all types, whose name is ''. */
const binsOf = (spanMs: number): string => `INSERT INTO time_bins (task_type, span_ms, start, bin, tasks)
  SELECT '', ${spanMs}, minute / ${spanMs} * ${spanMs}, bin, sum(tasks) FROM processing_times GROUP BY 3, 4`;

/** Bins are 2 % wide each, by whole milliseconds; what took none has one of its own. */
const TOOK = `CASE WHEN t.completed_at > t.started_at THEN t.completed_at - t.started_at ELSE 0 END`;
const BIN = `CASE WHEN took < 1 THEN 0 ELSE CAST(floor(ln(took) / ln(1.02)) AS integer) + 1 END`;

const FILLING = [
  `INSERT INTO type_counts (kb_id, task_type, status, tasks, processing_ms)
   SELECT g.kb_id, g.task_type, c.status, sum(c.tasks), sum(c.processing_ms)
   FROM task_counts c JOIN task_groups g ON g.id = c.group_id GROUP BY 1, 2, 3`,
  `INSERT INTO stat_hours (hour, created, claimed, completed, failed, cancelled, retried, processing_ms)
   SELECT minute / ${HOUR_MS} * ${HOUR_MS}, sum(created), sum(claimed), sum(completed), sum(failed), sum(cancelled),
     sum(retried), sum(processing_ms) FROM stat_minutes GROUP BY 1`,
  binsOf(MINUTE_MS),
  binsOf(HOUR_MS),
  binsOf(DAY_MS),
  `INSERT INTO time_bins (task_type, span_ms, start, bin, tasks)
   SELECT task_type, 0, 0, ${BIN}, count(*) FROM (
     SELECT g.task_type, ${TOOK} AS took FROM tasks t JOIN task_groups g ON g.id = t.group_id WHERE t.status = 2
   ) AS completed GROUP BY 1, 4`,
];
