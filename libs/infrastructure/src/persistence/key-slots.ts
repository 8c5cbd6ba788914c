import { admitted, heldBack, movesOf, type Task } from '@task/domain';
import { rollUpsOf } from './roll-ups';
import type { Change, StoredTask } from './stored-task';
import { NO_DEPENDENCIES, type StoredKey, type Tables } from './tables';

/** Urgent newcomers that take the places of less urgent ready tasks at once; the next group goes on. */
const EXCHANGES = 16;

/**
 * Brings concurrency keys to where they have to be, behind what a transaction has written so far and within it: the
 * most urgent of their tasks are ready, as many as there are free slots. The cost follows the number of keys and of
 * moves, never that of tasks.
 * @returns what was changed
 */
export async function settleKeys(tables: Tables, ids: Iterable<number>): Promise<readonly Change[]> {
  // In one order on every instance.
  const sorted = [...new Set(ids)].sort((left, right) => left - right);
  if (sorted.length === 0) return [];
  const changes: Change[] = [];
  for (const key of await tables.keyLoads(sorted)) changes.push(...(await movesWithin(tables, key)));
  if (changes.length > 0) {
    const rollUps = rollUpsOf(changes, []);
    await tables.write({ changes, transitions: [], outcomes: [], rollUps, dependencies: NO_DEPENDENCIES });
  }
  return changes;
}

async function movesWithin(tables: Tables, key: StoredKey): Promise<readonly Change[]> {
  const { admit, holdBack } = movesOf(key);
  if (holdBack > 0) return moved(await load(tables, await tables.readyOf(key.id, holdBack)), heldBack);
  if (admit > 0) return moved(await load(tables, await tables.heldOf(key.id, admit)), admitted);
  return key.held > 0 && key.ready > 0 ? exchanges(tables, key) : [];
}

/** With no slot free, the most urgent that are held still go before the least urgent that are ready. */
async function exchanges(tables: Tables, key: StoredKey): Promise<readonly Change[]> {
  const most = Math.min(key.held, key.ready, EXCHANGES);
  const heads = await load(tables, await tables.heldOf(key.id, most));
  const [head] = heads;
  if (head === undefined) return [];
  const tails = await load(tables, await tables.readyOf(key.id, most));
  const pairs = heads.flatMap((held, index) => {
    const ready = tails[index];
    return ready !== undefined && isMoreUrgent(held, ready) ? [{ held, ready }] : [];
  });
  return pairs.flatMap(({ held, ready }) => [...moved([held], admitted), ...moved([ready], heldBack)]);
}

/** Those that could be locked, in the order asked for. */
async function load(tables: Tables, seqs: readonly number[]): Promise<readonly StoredTask[]> {
  const loaded = new Map((await tables.loadBySeqs(seqs)).map((stored) => [stored.seq, stored]));
  return seqs.flatMap((seq) => loaded.get(seq) ?? []);
}

function moved(stored: readonly StoredTask[], move: (task: Task) => Task): Change[] {
  return stored.map(({ task, ...place }) => ({ ...place, before: task, after: move(task) }));
}

function isMoreUrgent(left: StoredTask, right: StoredTask): boolean {
  const [a, b] = [left.task.state.priority, right.task.state.priority];
  return a > b || (a === b && left.seq < right.seq);
}
