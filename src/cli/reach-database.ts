import { describeDatabase, describeError, type DatabaseUrl } from '@task/infrastructure';
import { StartFailure } from './start-failure';

/** @throws StartFailure that names the database, in place of whatever its driver throws */
export async function reachDatabase<T>(url: DatabaseUrl, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { message, code, errors = [] } = describeError(error);
    const reasons = [message, ...errors.map((each) => each.message)].filter((text) => text !== '');
    const told = `${reasons.join('; ')}${code === undefined ? '' : ` (${code})`}`;
    throw new StartFailure(`cannot use the database ${describeDatabase(url)}: ${told}`, { cause: error });
  }
}
