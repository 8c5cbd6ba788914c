import type Sqlite from 'better-sqlite3';
import type { ClaimFilter, HistoryEntry, StatusCounts, TaskPage, TaskPageRequest } from '@task/application';
import type { EpochMs, Task } from '@task/domain';
import { readyGroup } from '../claim-groups';
import { NEXT_DUE_ON_SQLITE, PLACE_IN_LINE } from '../line-statements';
import { HISTORY_COLUMNS, historyEntryFrom, statusCountsFrom, type HistoryRow } from '../history-row';
import { ArchiveReader } from '../archive/archive-reader';
import type { TaskReader } from '../task-reader';
import { taskFrom } from '../task.mapper';
import { TASK_COLUMNS, TASK_TABLES, type TaskRow } from '../task-row';
import type { SqliteFile } from './sqlite-file';
import { SqliteLists } from './sqlite-lists';
import { blobOf, uuidOf } from './uuid-blob';
import { prepare, PreparedStatements } from './prepare';
import { Turns } from './turns';

type SqliteTaskRow = Omit<TaskRow, 'id'> & { readonly id: Buffer };

/** Reads on a connection of its own, which can only read and never sees what is not committed. */
export class SqliteReader implements TaskReader {
  private readonly byId: Sqlite.Statement<[Buffer], SqliteTaskRow>;
  private readonly bySeq: Sqlite.Statement<[number], SqliteTaskRow>;
  private readonly seqOf: Sqlite.Statement<[Buffer], { seq: number }>;
  private readonly historyOf: Sqlite.Statement<[number], HistoryRow>;
  private readonly counts: Sqlite.Statement<[], { status: number; tasks: number }>;
  private readonly firstDue: Sqlite.Statement<[], { due: number | null }>;
  private readonly line: Sqlite.Statement<[Buffer], { place: number }>;
  private readonly nothing: Sqlite.Statement<[]>;
  private readonly lists: SqliteLists;
  private readonly archive: ArchiveReader;
  private readonly groups: PreparedStatements;

  constructor(
    db: Sqlite.Database,
    private readonly file: SqliteFile,
  ) {
    const select = `SELECT t.id, ${TASK_COLUMNS} FROM ${TASK_TABLES}`;
    this.byId = prepare(db, `${select} WHERE t.id = ?`);
    this.bySeq = prepare(db, `${select} WHERE t.seq = ?`);
    this.seqOf = prepare(db, 'SELECT seq FROM tasks WHERE id = ?');
    this.historyOf = prepare(
      db,
      `SELECT ${HISTORY_COLUMNS} FROM task_history h WHERE h.seq = ? ORDER BY h.version`,
    );
    this.counts = prepare(
      db,
      'SELECT status, sum(tasks) AS tasks FROM task_counts WHERE group_id = 0 GROUP BY status',
    );
    this.firstDue = prepare(db, NEXT_DUE_ON_SQLITE);
    this.line = prepare(db, PLACE_IN_LINE.replace('PARAMETER', '?'));
    this.nothing = prepare(db, 'SELECT value FROM counters LIMIT 1');
    this.lists = new SqliteLists(db);
    this.groups = new PreparedStatements(db);
    const archived = new PreparedStatements(db);
    this.archive = new ArchiveReader(async <Row>(sql: string, id: string) =>
      archived.of<Row>(sql).all(blobOf(id)),
    );
  }

  async find(id: string): Promise<Task | null> {
    const row = this.byId.get(blobOf(id));
    return row === undefined ? this.archive.find(id) : toTask(row);
  }

  async history(id: string): Promise<readonly HistoryEntry[] | null> {
    const task = this.seqOf.get(blobOf(id));
    if (task === undefined) return this.archive.history(id);
    return this.historyOf.all(task.seq).map((row) => historyEntryFrom(row, id));
  }

  async list(request: TaskPageRequest): Promise<TaskPage> {
    const { seqs, ...page } = await this.lists.read(request);
    const turns = new Turns();
    const tasks: Task[] = [];
    for (const seq of seqs) {
      if (turns.isOver) await turns.pass();
      tasks.push(...this.bySeq.all(seq).map(toTask));
    }
    return { ...page, tasks };
  }

  async countByStatus(): Promise<StatusCounts> {
    return statusCountsFrom(this.counts.all());
  }

  async nextDueAt(): Promise<EpochMs | null> {
    return this.firstDue.get()?.due ?? null;
  }

  async anyReady(filter: ClaimFilter): Promise<boolean> {
    const { sql, parameters } = readyGroup(filter);
    return this.groups.of(sql).get(...parameters) !== undefined;
  }

  async placeInLine(id: string): Promise<number> {
    return this.line.get(blobOf(id))?.place ?? 0;
  }

  async ping(): Promise<void> {
    this.file.requireInPlace();
    this.nothing.get();
  }
}

function toTask(row: SqliteTaskRow): Task {
  return taskFrom({ ...row, id: uuidOf(row.id) });
}
