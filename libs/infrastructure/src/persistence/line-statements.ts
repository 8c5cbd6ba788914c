/** The youngest blocks are left, which most of what still comes in falls into; and it is a piece of the others. */
const YOUNGEST_BLOCKS = 16;
const BLOCKS_AT_ONCE = 2_000;
/** Forgets blocks of the line that nobody stands in: a place in line adds up all that are there. */
export const FORGET_BLOCKS = `DELETE FROM queue_blocks WHERE ready = 0 AND (rank, block) IN (SELECT rank, block
  FROM queue_blocks WHERE ready = 0 AND block < (SELECT max(block) FROM queue_blocks) - ${YOUNGEST_BLOCKS}
  LIMIT ${BLOCKS_AT_ONCE})`;

/** When the next scheduled task is due, on PostgreSQL. */
export const NEXT_DUE = 'SELECT min(available_at) AS due FROM tasks WHERE status = 0 AND gate = 1';
/** The same on SQLite, which would read all that wait if it were not told the index. */
export const NEXT_DUE_ON_SQLITE = NEXT_DUE.replace('FROM tasks', 'FROM tasks INDEXED BY tasks_scheduled');

/**
 * Ready tasks in front of a ready one, and itself: whole ranks and whole blocks of 1024 arrivals from their counters,
 * and of its own block as many as come before it. Nothing for a task that is not ready. `PARAMETER` is its id.
 */
export const PLACE_IN_LINE = `SELECT 1
    + coalesce((SELECT sum(b.ready) FROM queue_blocks b WHERE b.rank < t.rank), 0)
    + coalesce((SELECT sum(b.ready) FROM queue_blocks b WHERE b.rank = t.rank AND b.block < t.seq / 1024), 0)
    + (SELECT count(*) FROM tasks n WHERE n.status = 0 AND n.gate = 0 AND n.rank = t.rank
        AND n.seq >= (t.seq / 1024) * 1024 AND n.seq < t.seq) AS place
  FROM tasks t WHERE t.id = PARAMETER AND t.status = 0 AND t.gate = 0`;
