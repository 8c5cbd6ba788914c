/** What every client tells its model about this server: key words first, since some cut it. */
export const INSTRUCTIONS = `Task queue for agents: file work, claim it, report how it went.
Worker loop:
1. task_claim with your work_path and wait 20. Nothing? Call it again, or queue_status to see why.
2. Do what prompt says, in work_directory. It is all there is to know; payload has parameters, dependencies
   the results of tasks it waited for.
3. Before lease_expires_at, and at least every few minutes, task_heartbeat with task_id and lease_token.
4. task_complete with result, or task_fail with error_message; task_release if you cannot go on. Then 1.
LEASE_LOST or CANCELLED: stop working on that task at once.
Producers: task_create files work (a prompt must make sense without this conversation), task_get reads its result,
task_run waits for it. depends_on makes a task wait for others.
If an answer got lost, repeat the call with the same idempotency_key or lease_token: it is not done twice.`;
