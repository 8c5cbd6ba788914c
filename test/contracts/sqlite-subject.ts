import { openStore, type StoreOptions } from '@task/infrastructure';
import { FixedClock } from '../support/fixed-clock';
import { SqliteTemplate } from '../support/sqlite-template';
import type { OpenedStore } from './subject';

/** @returns opens a store on a file of a test's own; the files go with the last test of the spec */
export function useSqlite(): () => Promise<OpenedStore> {
  const template = new SqliteTemplate();
  afterAll(() => template.remove());
  return () => openSqlite(template);
}

/** Opens a store on a file of its own, with a clock that the test sets. */
export async function openSqlite(
  template: SqliteTemplate,
): Promise<OpenedStore & { readonly options: StoreOptions }> {
  const clock = new FixedClock();
  const options = await template.copy(clock);
  let parts = await openStore(options);
  return {
    parts,
    clock,
    options,
    reopen: async () => {
      await parts.close();
      parts = await openStore(options);
      return parts;
    },
    close: () => parts.close(),
  };
}
