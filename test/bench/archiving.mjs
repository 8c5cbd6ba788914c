import Sqlite from 'better-sqlite3';
import { latencyFigures } from './figures.mjs';
import { FlatQueue } from './flat-queue.mjs';

const ALONE_MS = 15_000;
const SLICE_MS = 1_000;
/** Half of the month that the queue is filled with. */
const RETENTION_DAYS = 15;
/** Nothing more comes when nothing came for as long as a round may wait for the next. */
const QUIET_MS = 70_000;
const GIVE_UP_MS = 1_800_000;

/**
 * What claims take while tasks that ended long ago are moved into the archive: a queue of a month whose operator decides
 * to keep half of it.
 *
 * @param {string} folder
 * @param {{ flatTasks: number, tell: (text: string) => void }} plan
 */
export async function measureArchiving(folder, { flatTasks: tasks, tell }) {
  const queue = await FlatQueue.open(folder, tasks);
  const db = new Sqlite(queue.product.database, { readonly: true });
  try {
    const alone = await queue.claimFor(ALONE_MS);
    await queue.reader.ask('PUT', '/api/v1/config', { queue: { retention_days: RETENTION_DAYS } });
    tell(`${tasks} tasks; those that ended more than ${RETENTION_DAYS} days ago are archived now`);
    const moved = await claimWhileMoving(queue, db);
    tell(`${moved.archived} were archived in ${moved.seconds.toFixed(0)} s`);
    return { tasks, ...moved, claims_alone: latencyFigures(alone) };
  } finally {
    db.close();
    await queue.close();
  }
}

async function claimWhileMoving(queue, db) {
  const counted = db.prepare('SELECT COUNT(*) FROM archived_tasks').pluck();
  const begun = performance.now();
  const moving = { from: null, to: begun, archived: 0, claims: [] };
  while (performance.now() < moving.to + QUIET_MS && performance.now() < begun + GIVE_UP_MS) {
    const claims = await queue.claimFor(SLICE_MS);
    const archived = counted.get();
    if (archived === moving.archived) continue;
    moving.from ??= performance.now() - SLICE_MS;
    Object.assign(moving, { to: performance.now(), archived });
    moving.claims.push(...claims);
  }
  if (moving.from === null) throw new Error('nothing was archived');
  const { archived, from, to, claims } = moving;
  return { archived, seconds: (to - from) / 1000, claims_meanwhile: latencyFigures(claims) };
}
