import type { ScheduleCommand } from './commands';

/**
 * Commands about single schedules in the order of their ids, on every instance the same, so that none waits for
 * another in a circle; then those that pass over what somebody else has locked.
 */
export function inOrder(commands: readonly ScheduleCommand[]): readonly ScheduleCommand[] {
  const rank = ({ id }: ScheduleCommand): string => id ?? '~';
  return [...commands].sort((left, right) =>
    rank(left) < rank(right) ? -1 : Number(rank(left) > rank(right)),
  );
}
