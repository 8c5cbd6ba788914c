import { ON_TIME_MS, type EpochMs, type MissedPolicy } from '@task/domain';

/**
 * The occurrences that make a task, when somebody looks at these times only: those that are looked at within a minute,
 * each; and of those that are missed until somebody looks, the first or none.
 * @param occurrences in order
 * @param turns       when somebody looks, in order
 */
export function expectedOccurrences(
  occurrences: readonly EpochMs[],
  turns: readonly EpochMs[],
  missed: MissedPolicy,
): readonly EpochMs[] {
  const expected: EpochMs[] = [];
  let nth = 0;
  for (const turn of turns) {
    let isMadeUpFor = false;
    for (let at = occurrences[nth]; at !== undefined && at <= turn; at = occurrences[nth]) {
      nth += 1;
      const isMissed = turn - at > ON_TIME_MS;
      if (!isMissed || (missed === 'once' && !isMadeUpFor)) expected.push(at);
      isMadeUpFor ||= isMissed;
    }
  }
  return expected;
}
