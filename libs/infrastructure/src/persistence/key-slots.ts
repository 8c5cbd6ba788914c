import { admitted, heldBack, movesOf, type Task } from '@task/domain';
import { rollUpsOf } from './roll-ups';
import type { Change, StoredTask } from './stored-task';
import { NO_DEPENDENCIES, type StoredKey, type Tables } from './tables';

/** Urgent newcomers that take the places of less urgent ready tasks at once; the next group goes on. */
const EXCHANGES = 16;

/** What became of the tasks of concurrency keys. */
export interface Settled {
  readonly moved: readonly Change[];
  /** Ready tasks that were locked to be compared, and are ready still. */
  readonly left: readonly StoredTask[];
}

/** What was found of one key. */
interface Looked {
  readonly forced: readonly Change[];
  readonly exchanged: readonly Change[];
  /** All ready tasks that were locked for it. */
  readonly tails: readonly StoredTask[];
}

/**
 * Brings concurrency keys to where they have to be, behind what a transaction has written so far and within it: the
 * most urgent of their tasks are ready, as many as there are free slots. The cost follows the number of keys and of
 * moves, never that of tasks.
 */
export async function settleKeys(tables: Tables, ids: Iterable<number>): Promise<Settled> {
  // In one order on every instance.
  const sorted = [...new Set(ids)].sort((left, right) => left - right);
  if (sorted.length === 0) return { moved: [], left: [] };
  const looks: Looked[] = [];
  for (const key of await tables.keyLoads(sorted)) looks.push(await movesWithin(tables, key));
  const changes = looks.flatMap(({ forced, exchanged }) => [...forced, ...exchanged]);
  if (changes.length > 0) {
    const rollUps = rollUpsOf(changes, []);
    await tables.write({ changes, transitions: [], outcomes: [], rollUps, dependencies: NO_DEPENDENCIES });
  }
  const seqs = new Set(changes.map(({ seq }) => seq));
  return {
    moved: changes,
    left: looks.flatMap(({ tails }) => tails).filter(({ seq }) => !seqs.has(seq)),
  };
}

/**
 * Free slots go to the most urgent that are held, missing ones are taken from the least urgent that are ready; of what
 * is left on both sides, the most urgent that are held go before the least urgent that are ready. More than one of each
 * side is looked at only where one is exchanged: claims of other instances go round what is locked here.
 */
async function movesWithin(tables: Tables, key: StoredKey): Promise<Looked> {
  const { admit, holdBack } = movesOf(key);
  const left = Math.max(0, Math.min(key.held - admit, key.ready - holdBack));
  const first = await look(tables, key, Math.min(left, 1));
  if (first.exchanged.length === 0 || left === 1) return first;
  // Looks at the same ones again, and at others.
  return look(tables, key, Math.min(left, EXCHANGES));
}

/** @param pairs how many of each side are compared, beyond those that have to move */
async function look(tables: Tables, key: StoredKey, pairs: number): Promise<Looked> {
  const { admit, holdBack } = movesOf(key);
  const heads = admit + pairs > 0 ? await tables.heldOf(key.id, admit + pairs) : [];
  const tails = holdBack + pairs > 0 ? await tables.readyOf(key.id, holdBack + pairs) : [];
  const loaded = new Map(
    (await tables.loadBySeqs([...heads, ...tails])).map((stored) => [stored.seq, stored]),
  );
  // Without those that could not be locked.
  const tasks = (seqs: readonly number[]): readonly StoredTask[] =>
    seqs.flatMap((seq) => loaded.get(seq) ?? []);
  return {
    forced: [
      ...moved(tasks(heads.slice(0, admit)), admitted),
      ...moved(tasks(tails.slice(0, holdBack)), heldBack),
    ],
    exchanged: exchanges(tasks(heads.slice(admit)), tasks(tails.slice(holdBack))),
    tails: tasks(tails),
  };
}

function exchanges(heads: readonly StoredTask[], tails: readonly StoredTask[]): readonly Change[] {
  const pairs = heads.flatMap((held, index) => {
    const ready = tails[index];
    return ready !== undefined && isMoreUrgent(held, ready) ? [{ held, ready }] : [];
  });
  return pairs.flatMap(({ held, ready }) => [...moved([held], admitted), ...moved([ready], heldBack)]);
}

function moved(stored: readonly StoredTask[], move: (task: Task) => Task): Change[] {
  return stored.map(({ task, ...place }) => ({ ...place, before: task, after: move(task) }));
}

function isMoreUrgent(left: StoredTask, right: StoredTask): boolean {
  const [a, b] = [left.task.state.priority, right.task.state.priority];
  return a > b || (a === b && left.seq < right.seq);
}
