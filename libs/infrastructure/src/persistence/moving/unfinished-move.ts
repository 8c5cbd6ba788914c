import type { DataSource } from 'typeorm';
import { MoveFailure } from './move-failure';
import { MOVE_TABLE } from './move-log';

/** @throws MoveFailure for a database into which data are being moved, or were not moved to the end */
export async function requireWholeData(source: DataSource): Promise<void> {
  const runner = source.createQueryRunner();
  try {
    if (!(await runner.hasTable(MOVE_TABLE))) return;
  } finally {
    await runner.release();
  }
  throw new MoveFailure(
    'data are being moved into it, and not all are there: let migrate-data end, or run it again',
  );
}
