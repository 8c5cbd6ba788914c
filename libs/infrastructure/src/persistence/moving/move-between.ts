import { createDataSource, MIGRATION_NAMES, type DataSourceSettings } from '../data-source';
import { moveData, type MoveReport, type OnMove } from './move-data';
import { MoveFailure } from './move-failure';
import { MOVE_TABLE } from './move-log';
import type { MovingSide } from './moving-side';
import { PostgresSide } from './postgres-side';
import { SqliteSide } from './sqlite-side';

/**
 * Moves everything from one database to another; of SQLite files this process must be the owner. The target gets its
 * schema where it has none.
 * @throws MoveFailure, or the databases' errors
 */
export async function moveBetween(
  from: DataSourceSettings,
  to: DataSourceSettings,
  onMove: OnMove,
): Promise<MoveReport> {
  const source = await openSide(from);
  try {
    await requireSchema(source);
    await migrate(to);
    const target = await openSide(to);
    try {
      return await moveData(source, target, onMove);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function openSide(settings: DataSourceSettings): Promise<MovingSide> {
  const opened = await createDataSource({ ...settings, maxConnections: 2 }).initialize();
  return settings.url.kind === 'sqlite' ? new SqliteSide(opened) : PostgresSide.open(opened);
}

async function requireSchema(source: MovingSide): Promise<void> {
  if (!(await source.hasTable('migrations'))) {
    throw new MoveFailure('the source holds no tasks of this program');
  }
  if (await source.hasTable(MOVE_TABLE)) {
    throw new MoveFailure('the source is itself the target of a move that has not been finished');
  }
  const ran = await source.run<{ name: string }>('SELECT name FROM migrations');
  const names = new Set(ran.map(({ name }) => name));
  if (names.size === MIGRATION_NAMES.length && MIGRATION_NAMES.every((name) => names.has(name))) return;
  throw new MoveFailure(
    'the source has the schema of another release: bring it up to date with "task-orchestrator migrate" first',
  );
}

async function migrate(settings: DataSourceSettings): Promise<void> {
  const opened = await createDataSource(settings).initialize();
  try {
    await opened.runMigrations({ transaction: 'each' });
  } finally {
    await opened.destroy();
  }
}
