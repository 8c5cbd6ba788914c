/*
 * A worker that adds up: it claims tasks until none is left for a while, and completes each with the sum of what its
 * dependencies have brought, 1 for one that has none. Its arguments are one JSON object: url, key, worker_id, wait (the
 * seconds after which it has seen enough of nothing), and holdAfter: having claimed so many it holds what it has got last,
 * says so, and does nothing any more. It prints how many it has completed at its end.
 */
import { setTimeout as pause } from 'node:timers/promises';

const { url, key, worker_id, wait, holdAfter = Infinity } = JSON.parse(process.argv[2]);
const MOST = 10;
let claimed = 0;
let completed = 0;

for (;;) {
  const tasks = (await post('claim', { worker_id, limit: MOST, lease_seconds: 10, wait })).tasks;
  if (tasks.length === 0) break;
  claimed += tasks.length;
  if (claimed >= holdAfter) {
    tell({ holds: tasks.map(({ task_id }) => task_id) });
    await pause(2 ** 31 - 1);
  }
  await post('complete', { completions: tasks.map(completion) });
  completed += tasks.length;
}
tell({ completed });

function completion({ task_id, lease_token, dependencies }) {
  const sum = dependencies.reduce((total, { result }) => total + result.sum, 0);
  return { task_id, lease_token, result: { sum: dependencies.length === 0 ? 1 : sum } };
}

async function post(path, body) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const response = await fetch(`${url}/api/v1/tasks/${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()).data;
}

function tell(news) {
  process.stdout.write(`${JSON.stringify(news)}\n`);
}
