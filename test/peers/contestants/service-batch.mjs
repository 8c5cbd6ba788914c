import { openService, seedService, taskOf } from './service.mjs';

const BATCH = 100;
/** As many requests at once, each of 100 tasks. */
const AT_ONCE = 10;
const TASKS = '/api/v1/tasks';

/** A hundred tasks a request. */
export async function open(place) {
  const service = await openService({ ...place, atOnce: AT_ONCE });
  const { ask } = service;
  return {
    ...service,
    settings: `as above, ${BATCH} tasks a request, ${AT_ONCE} requests at once; latencies are those of a request`,
    unit: BATCH,
    atOnce: AT_ONCE,
    file: (number) =>
      ask('POST', `${TASKS}/batch`, {
        tasks: Array.from({ length: BATCH }, (_, index) => taskOf(number + index)),
      }),
    async claim() {
      const { tasks } = await ask('POST', `${TASKS}/claim`, { limit: BATCH, worker_id: 'worker-1' });
      if (tasks.length !== 0 && tasks.length !== BATCH) throw new Error(`only ${tasks.length} were left`);
      return tasks.length === 0 ? null : tasks;
    },
    async complete(tasks) {
      const { results } = await ask('POST', `${TASKS}/complete`, {
        completions: tasks.map(({ task_id, lease_token }) => ({
          ...{ task_id, lease_token },
          result: { status: 'success' },
        })),
      });
      if (results.some(({ ok }) => !ok)) throw new Error('a completion of a batch was refused');
    },
    seed: (count) => seedService(service, count),
  };
}
