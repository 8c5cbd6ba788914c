import type { ClaimFilter, HistoryEntry, StatusCounts, TaskPage, TaskPageRequest } from '@task/application';
import type { EpochMs, Task } from '@task/domain';
import type { DataSource } from 'typeorm';
import { HISTORY_COLUMNS, historyEntryFrom, statusCountsFrom, type HistoryRow } from '../history-row';
import { readyGroup } from '../claim-groups';
import { NEXT_DUE, PLACE_IN_LINE } from '../line-statements';
import { ArchiveReader } from '../archive/archive-reader';
import type { TaskReader } from '../task-reader';
import { taskFrom } from '../task.mapper';
import { TASK_COLUMNS, TASK_TABLES, type TaskRow } from '../task-row';
import { numbered } from './numbered';
import { PostgresLists } from './postgres-lists';

const SELECT = `SELECT t.id, ${TASK_COLUMNS} FROM ${TASK_TABLES}`;

/** Reads on any connection of the pool: committed tasks only. */
export class PostgresReader implements TaskReader {
  private readonly lists: PostgresLists;
  private readonly archive: ArchiveReader;

  constructor(private readonly source: DataSource) {
    this.lists = new PostgresLists(source);
    this.archive = new ArchiveReader(<Row>(sql: string, id: string) =>
      source.query<Row[]>(numbered(sql), [id]),
    );
  }

  async find(id: string): Promise<Task | null> {
    const [row] = await this.source.query<TaskRow[]>(`${SELECT} WHERE t.id = $1`, [id]);
    return row === undefined ? this.archive.find(id) : taskFrom(row);
  }

  async history(id: string): Promise<readonly HistoryEntry[] | null> {
    const sql = `SELECT ${HISTORY_COLUMNS} FROM tasks t JOIN task_history h ON h.seq = t.seq WHERE t.id = $1
      ORDER BY h.version`;
    const rows = await this.source.query<HistoryRow[]>(sql, [id]);
    // Every task has a history, its creation at the least.
    return rows.length === 0 ? this.archive.history(id) : rows.map((row) => historyEntryFrom(row, id));
  }

  async list(request: TaskPageRequest): Promise<TaskPage> {
    const { seqs, ...page } = await this.lists.read(request);
    const rows = await this.source.query<TaskRow[]>(`${SELECT} WHERE t.seq = ANY($1::bigint[])`, [seqs]);
    const tasks = new Map(rows.map((row) => [row.seq, taskFrom(row)]));
    return { ...page, tasks: seqs.flatMap((seq) => tasks.get(seq) ?? []) };
  }

  async countByStatus(): Promise<StatusCounts> {
    const sql =
      'SELECT status, sum(tasks)::bigint AS tasks FROM task_counts WHERE group_id = 0 GROUP BY status';
    return statusCountsFrom(await this.source.query<{ status: number; tasks: number }[]>(sql));
  }

  async nextDueAt(): Promise<EpochMs | null> {
    const [row] = await this.source.query<{ due: number | null }[]>(NEXT_DUE);
    return row?.due ?? null;
  }

  async anyReady(filter: ClaimFilter): Promise<boolean> {
    const { sql, parameters } = readyGroup(filter);
    return (await this.source.query<unknown[]>(numbered(sql), [...parameters])).length > 0;
  }

  async placeInLine(id: string): Promise<number> {
    const [row] = await this.source.query<{ place: number }[]>(PLACE_IN_LINE.replace('PARAMETER', '$1'), [
      id,
    ]);
    return row?.place ?? 0;
  }

  async ping(): Promise<void> {
    await this.source.query('SELECT 1');
  }
}
