import type { ArchiveStep } from '@task/application';
import { hasEnded, type EpochMs } from '@task/domain';
import { statusOf } from '../codes';
import type { ArchiveCommand } from '../commands';
import type { ArchiveTables, Candidate, LoggedEnd } from './archive-tables';

/** Rows of history, and bytes of texts, that one step moves at most; a single task may have more. */
const ROWS_AT_MOST = 200;
const BYTES_AT_MOST = 2 * 1024 * 1024;

/** What a step moves, and how far it came. */
export interface PlannedStep extends Omit<ArchiveStep, 'archived'> {
  readonly seqs: readonly number[];
}

/**
 * Finds what a step moves. The event log is in the order in which tasks ended: it is read behind the last step, as far
 * as its events are old enough.
 * @param isInUse whether the running group of commands has to do with a task
 */
export async function planStep(
  tables: ArchiveTables,
  { retention, after, limit }: Pick<ArchiveCommand, 'retention' | 'after' | 'limit'>,
  isInUse: (seq: number) => boolean,
  now: EpochMs,
): Promise<PlannedStep> {
  const log = await tables.log(after, limit);
  // A clock may have been set: what is newer stands between what is older, and is left out.
  const old = log.slice(0, log.findLastIndex(({ at }) => at <= retention.cutoff(now)) + 1);
  const ends = old.filter(({ to_status, seq }) => hasEnded(statusOf(to_status)) && !isInUse(seq));
  const candidates = ends.length === 0 ? [] : await tables.candidates(ends.map(({ seq }) => seq));
  const over = new Map(
    candidates
      .filter((row) => retention.isOver({ status: statusOf(row.status), updatedAt: row.updated_at }, now))
      .map((row) => [row.seq, row]),
  );
  const { seqs, stoppedAt } = withinBudget(ends, over);
  const last = old.at(-1)?.event_id ?? after;
  if (stoppedAt !== null) return { seqs, readTo: stoppedAt - 1, hasMore: true };
  return { seqs, readTo: last, hasMore: old.length === limit };
}

/** As many as one transaction should move, and at which event it came to be too much. */
function withinBudget(
  ends: readonly LoggedEnd[],
  over: ReadonlyMap<number, Candidate>,
): { seqs: readonly number[]; stoppedAt: number | null } {
  const seqs = new Set<number>();
  let rows = 0;
  let bytes = 0;
  for (const { event_id, seq } of ends) {
    const task = over.get(seq);
    if (task === undefined || seqs.has(seq)) continue;
    rows += task.version;
    bytes += task.bytes;
    const isTooMuch = seqs.size > 0 && (rows > ROWS_AT_MOST || bytes > BYTES_AT_MOST);
    if (isTooMuch) return { seqs: [...seqs], stoppedAt: event_id };
    seqs.add(seq);
  }
  return { seqs: [...seqs], stoppedAt: null };
}
