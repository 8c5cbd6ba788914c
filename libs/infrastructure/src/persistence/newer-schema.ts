import type { DataSource } from 'typeorm';
import { MIGRATION_NAMES } from './data-source';

/** A database has the schema of a release that came later than this one. Told to the operator. */
export class NewerSchema extends Error {
  override readonly name = 'NewerSchema';
}

/** @throws NewerSchema for a database in which a migration ran that this release does not know */
export async function requireKnownSchema(source: DataSource): Promise<void> {
  const runner = source.createQueryRunner();
  try {
    if (!(await runner.hasTable('migrations'))) return;
    const ran = (await runner.query('SELECT name FROM migrations ORDER BY id')) as readonly {
      name: string;
    }[];
    const newer = ran.find(({ name }) => !MIGRATION_NAMES.includes(name));
    if (newer === undefined) return;
    throw new NewerSchema(`it has the schema of a newer release (${newer.name}): use that one`);
  } finally {
    await runner.release();
  }
}
