/** How much is measured; the names are those under which the parts ask for it. */
const FULL = {
  // throughput; the rounds and times are those of statistics, too
  rounds: 5,
  times: { warmUpMs: 750, measureMs: 2500 },
  // claims
  levels: [1_000, 10_000, 100_000, 1_000_000],
  claims: 150,
  longest: 1_000_000,
  leases: 100_000,
  // statistics
  tasks: 1_000_000,
  // task-manager and instances
  seconds: 20,
  // small
  starts: 11,
  minutes: 10,
  finished: 1_000_000,
  requests: 2_000_000,
  // seeds-load
  loadSeconds: 60,
  kills: 5,
  // flat and archiving
  flatTasks: 1_000_000,
  flatRounds: 3,
  sliceMs: 700,
  // churn
  churnMinutes: 15,
};

/** For a first look. */
const QUICK = {
  ...FULL,
  rounds: 3,
  times: { warmUpMs: 500, measureMs: 1000 },
  levels: [1_000, 10_000, 100_000],
  claims: 60,
  longest: 100_000,
  leases: 10_000,
  tasks: 100_000,
  seconds: 5,
  starts: 5,
  minutes: 1,
  finished: 100_000,
  requests: 100_000,
  loadSeconds: 10,
  kills: 3,
  flatTasks: 200_000,
  flatRounds: 2,
  sliceMs: 400,
};

/** The plan for what was asked on the command line. */
export function planFor({ quick, minutes, requests, tasks, reads }) {
  const plan = { ...(quick ? QUICK : FULL) };
  if (minutes !== undefined) plan.minutes = plan.churnMinutes = Number(minutes);
  if (requests !== undefined) plan.requests = Number(requests);
  if (tasks !== undefined) plan.flatTasks = Number(tasks);
  if (reads !== undefined) plan.reads = reads;
  return plan;
}
