import { openStore } from '@task/infrastructure';
import { startPostgres, type TestPostgres } from '../support/postgres';
import { SpareDatabases } from '../support/spare-databases';
import type { OpenedStore } from './subject';

/** A PostgreSQL that runs while the tests of a spec do. @returns opens a store on a database of a test's own */
export function usePostgres(): () => Promise<OpenedStore> {
  let postgres: TestPostgres | undefined;
  let databases: SpareDatabases | undefined;
  beforeAll(async () => {
    postgres = await startPostgres();
    databases = new SpareDatabases(postgres);
  });
  afterAll(() => postgres?.stop());
  return async () => {
    if (databases === undefined) throw new Error('PostgreSQL runs only while there are tests');
    const spare = databases;
    const options = await spare.take();
    let parts = await openStore(options);
    return {
      parts,
      reopen: async () => {
        await parts.close();
        parts = await openStore(options);
        return parts;
      },
      close: async () => {
        await parts.close();
        spare.giveBack(options);
      },
    };
  };
}
