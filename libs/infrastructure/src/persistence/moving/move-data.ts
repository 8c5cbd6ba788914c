import { fingerprintOf, MoveLog } from './move-log';
import { MoveFailure } from './move-failure';
import { movedTables, type MovedRow, type MovedTable } from './moved-tables';
import { keyOf, type MovingSide } from './moving-side';
import { pagesOf } from './row-pages';
import { RowSum } from './row-sum';

/** What is being done. */
export type MovePhase = 'copying' | 'verifying';

/** Is told how many rows of how many are done. */
export type OnMove = (phase: MovePhase, done: number, total: number) => void;

/** What was moved. */
export interface MoveReport {
  readonly tables: number;
  readonly rows: number;
}

interface Content {
  readonly counts: ReadonlyMap<string, number>;
  readonly counters: readonly { readonly name: string; readonly value: number }[];
  readonly lastTask: number;
}

/** Counters that each database keeps in its own way. */
const OWN_COUNTERS = ['task_seq'];

/**
 * Moves everything from one database to another that is empty, or holds the broken-off move of the same data: table by
 * table in the order of keys, each page in one transaction with the note of how far it is. Whatever breaks it off, the
 * next call goes on where it was. Both must have the same schema.
 * @throws MoveFailure when the target is not empty, or in the end does not hold what the source holds
 */
export async function moveData(source: MovingSide, target: MovingSide, onMove: OnMove): Promise<MoveReport> {
  const tables = movedTables();
  await requireAlone(source, target);
  const content = await contentOf(source, tables);
  const log = await MoveLog.open(target, tables, fingerprintOf(fingerprinted(content)));
  const total = [...content.counts.values()].reduce((sum, rows) => sum + rows, 0);
  for (const table of tables) {
    await copy(source, target, table, log, () => onMove('copying', log.rows, total));
  }
  onMove('copying', total, total);
  let verified = 0;
  for (const table of tables) {
    await verify(source, target, table, (rows) => onMove('verifying', (verified += rows), 2 * total));
  }
  onMove('verifying', 2 * total, 2 * total);
  await requireAlone(source, target);
  await finish(target, tables, content, log);
  return { tables: tables.length, rows: total };
}

async function requireAlone(source: MovingSide, target: MovingSide): Promise<void> {
  if (await source.isInUse()) throw new MoveFailure('a service has the source open: stop it first');
  if (await target.isInUse()) throw new MoveFailure('a service has the target open: stop it first');
}

async function contentOf(source: MovingSide, tables: readonly MovedTable[]): Promise<Content> {
  const counts = new Map<string, number>();
  for (const { name } of tables) {
    const [row] = await source.run<{ rows: number }>(`SELECT count(*) AS rows FROM ${name}`);
    counts.set(name, row?.rows ?? 0);
  }
  const counters = await source.run<{ name: string; value: number }>(
    'SELECT name, value FROM counters ORDER BY name',
  );
  return {
    counts,
    counters: counters.filter(({ name }) => !OWN_COUNTERS.includes(name)),
    lastTask: await source.lastTask(),
  };
}

function fingerprinted({ counts, counters, lastTask }: Content): unknown {
  return [[...counts], counters.map(({ name, value }) => [name, value]), lastTask];
}

async function copy(
  source: MovingSide,
  target: MovingSide,
  table: MovedTable,
  log: MoveLog,
  onPage: () => void,
): Promise<void> {
  for await (const rows of pagesOf(source, table, log.of(table)?.last ?? null)) {
    await target.begin();
    try {
      await target.insert(table, rows);
      await log.note(table, {
        last: keyOf(table, rows.at(-1) ?? []),
        rows: (log.of(table)?.rows ?? 0) + rows.length,
      });
      await target.commit();
    } catch (error) {
      await target.rollback();
      throw error;
    }
    onPage();
  }
}

/** Reads both anew: neither what was read before nor what was meant to be written counts. */
async function verify(
  source: MovingSide,
  target: MovingSide,
  table: MovedTable,
  onRows: (rows: number) => void,
): Promise<void> {
  const sums = { source: new RowSum(), target: new RowSum() };
  for (const [name, side] of [
    ['source', source],
    ['target', target],
  ] as const) {
    for await (const rows of pagesOf(side, table)) {
      rows.forEach((row: MovedRow) => sums[name].add(row));
      onRows(rows.length);
    }
  }
  if (sums.source.equals(sums.target)) return;
  throw new MoveFailure(
    `${table.name} is not the same on both sides (${sums.source.rows} and ${sums.target.rows} rows): ` +
      'the source has changed meanwhile; empty the target and begin anew',
  );
}

async function finish(
  target: MovingSide,
  tables: readonly MovedTable[],
  { counters, lastTask }: Content,
  log: MoveLog,
): Promise<void> {
  await target.makeDurable();
  await target.begin();
  try {
    for (const { name, value } of counters) {
      await target.run(
        `INSERT INTO counters (name, value) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
        [name, value],
      );
    }
    await target.setLastTask(lastTask);
    for (const table of tables.filter(({ isNumbered }) => isNumbered)) await target.continueNumbers(table);
    await log.end();
    await target.commit();
  } catch (error) {
    await target.rollback();
    throw error;
  }
  await target.settle();
}
