import type { ClaimCommand } from './commands';
import type { Tables } from './tables';

/**
 * Gives each claim of a group the most urgent tasks that none of the others has: those with the same filter are asked
 * for in one statement.
 */
export async function grantsOf(
  tables: Tables,
  claims: readonly ClaimCommand[],
): Promise<ReadonlyMap<ClaimCommand, readonly number[]>> {
  const granted = new Map<ClaimCommand, readonly number[]>();
  const taken = new Set<number>();
  for (const alike of Map.groupBy(claims, ({ filter }) => JSON.stringify(filter)).values()) {
    const [first] = alike;
    if (first === undefined) continue;
    const wanted = alike.reduce((sum, { limit }) => sum + limit, 0);
    const seqs = await tables.claimable(first.filter, wanted, taken);
    let next = 0;
    for (const command of alike) {
      granted.set(command, seqs.slice(next, next + command.limit));
      next += command.limit;
    }
    for (const seq of seqs) taken.add(seq);
  }
  return granted;
}
