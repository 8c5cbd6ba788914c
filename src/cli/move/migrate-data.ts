import { existsSync } from 'node:fs';
import {
  describeDatabase,
  loadSettings,
  moveBetween,
  MoveFailure,
  OwnerLock,
  parseDatabaseUrl,
  type DatabaseUrl,
  type MovePhase,
} from '@task/infrastructure';
import type { CommandContext } from '../context';
import { storeOptionsOf } from '../core';
import { Progress } from '../progress';
import { reasonOf } from '../reach-database';
import { StartFailure } from '../start-failure';

/** Where from and where to, as DATABASE_URL is written. */
export interface MigrateDataOptions {
  readonly from: string;
  readonly to: string;
}

const TITLES: Readonly<Record<MovePhase, string>> = { copying: 'copy', verifying: 'verify' };

/** Moves everything from one database to another, which is empty or holds what an earlier run has moved so far. */
export async function migrateData(context: CommandContext, options: MigrateDataOptions): Promise<number> {
  const { settings } = loadSettings(context);
  const from = urlOf(options.from, context.cwd);
  const to = urlOf(options.to, context.cwd);
  if (describeDatabase(from) === describeDatabase(to))
    throw new StartFailure('--from and --to are the same database');
  if (from.kind === 'sqlite' && !existsSync(from.path)) throw new StartFailure(`${from.path} is not there`);
  const locks: OwnerLock[] = [];
  const progress = new Progress(process.stderr);
  const begun = performance.now();
  try {
    for (const url of [from, to]) if (url.kind === 'sqlite') locks.push(await OwnerLock.acquire(url.path));
    const { rows, tables } = await told(
      moveBetween(storeOptionsOf(settings, from), storeOptionsOf(settings, to), (phase, done, total) =>
        progress.show(TITLES[phase], done, total),
      ),
    );
    progress.end();
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    console.log(
      `${describeDatabase(to)}: ${rows} rows of ${tables} tables moved from ${describeDatabase(from)} and verified, ${seconds} s`,
    );
    return 0;
  } finally {
    progress.end();
    for (const lock of locks) lock.release();
  }
}

function urlOf(text: string, cwd: string): DatabaseUrl {
  try {
    return parseDatabaseUrl(text, cwd);
  } catch (error) {
    throw new StartFailure((error as Error).message, { cause: error });
  }
}

/** @throws StartFailure in place of whatever a database's driver throws */
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof MoveFailure) throw error;
    const why = `the data were not moved, run the same again to go on: ${reasonOf(error)}`;
    throw new StartFailure(why, { cause: error });
  }
}
