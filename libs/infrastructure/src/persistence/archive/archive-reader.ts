import type { HistoryEntry } from '@task/application';
import type { Task } from '@task/domain';
import { HISTORY_COLUMNS, historyEntryFrom, type HistoryRow } from '../history-row';
import { ARCHIVED_COLUMNS, archivedTaskFrom } from './archive-tables';

/** Asks a question with one `?` in it. */
export type AskArchive = <Row>(sql: string, id: string) => Promise<readonly Row[]>;

const TASK = `SELECT ${ARCHIVED_COLUMNS} FROM archived_tasks WHERE id = ?`;
const HISTORY = `SELECT ${HISTORY_COLUMNS} FROM archived_tasks a JOIN archived_history h ON h.seq = a.seq
  WHERE a.id = ? ORDER BY h.version`;

/** Reads what was archived, outside of any transaction. To be asked for what is not among the other tasks any more. */
export class ArchiveReader {
  constructor(private readonly ask: AskArchive) {}

  /** @param id a UUID in lower case */
  async find(id: string): Promise<Task | null> {
    const [row] = await this.ask<Parameters<typeof archivedTaskFrom>[0]>(TASK, id);
    return row === undefined ? null : archivedTaskFrom(row);
  }

  /** @param id a UUID in lower case */
  async history(id: string): Promise<readonly HistoryEntry[] | null> {
    const rows = await this.ask<HistoryRow>(HISTORY, id);
    return rows.length === 0 ? null : rows.map((row) => historyEntryFrom(row, id));
  }
}
