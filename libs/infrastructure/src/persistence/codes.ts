import {
  DEPENDENCY_POLICIES,
  GATES,
  TASK_COMMANDS,
  TASK_STATUSES,
  type DependencyPolicy,
  type Gate,
  type TaskCommand,
  type TaskStatus,
} from '@task/domain';

/*
 * Names are stored as small numbers: their place in the domain's lists. A list may grow at its end only, since rows
 * with the old numbers are on disks already.
 */

export const statusCode = (status: TaskStatus): number => TASK_STATUSES.indexOf(status);
export const gateCode = (gate: Gate): number => GATES.indexOf(gate);
export const commandCode = (command: TaskCommand): number => TASK_COMMANDS.indexOf(command);

export const policyCode = (policy: DependencyPolicy): number => DEPENDENCY_POLICIES.indexOf(policy);

export const statusOf = (code: number): TaskStatus => named(TASK_STATUSES, code);
export const gateNamed = (code: number): Gate => named(GATES, code);
export const policyNamed = (code: number): DependencyPolicy => named(DEPENDENCY_POLICIES, code);
export const commandOf = (code: number): TaskCommand => named(TASK_COMMANDS, code);

/** Rank sorts ascending where priority sorts descending: the most urgent has the lowest. */
export const rankOf = (priority: number): number => 10 - priority;
export const priorityOfRank = (rank: number): number => 10 - rank;

export const READY = gateCode('ready');
export const HELD = gateCode('held');

function named<T>(names: readonly T[], code: number): T {
  const name = names[code];
  if (name === undefined)
    throw new Error(`the database holds code ${code}, which this version does not know`);
  return name;
}
