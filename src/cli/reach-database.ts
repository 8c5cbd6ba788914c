import { DatabaseHasOwner, describeDatabase, describeError, type DatabaseUrl } from '@task/infrastructure';
import { StartFailure } from './start-failure';

/** @throws StartFailure that names the database, in place of whatever its driver throws */
export async function reachDatabase<T>(url: DatabaseUrl, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DatabaseHasOwner) throw error;
    const told = `cannot use the database ${describeDatabase(url)}: ${reasonOf(error)}`;
    throw new StartFailure(told, { cause: error });
  }
}

/** What a database's driver says, without what it was asked. */
export function reasonOf(error: unknown): string {
  const { message, code, errors = [] } = describeError(error);
  const reasons = [message, ...errors.map((each) => each.message)].filter((text) => text !== '');
  return `${reasons.join('; ')}${code === undefined ? '' : ` (${code})`}`;
}
