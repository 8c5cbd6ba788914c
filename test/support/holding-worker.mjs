/*
 * A worker that claims tasks, prints what it got as a line of JSON, and holds them. When it is continued after a stop
 * (SIGCONT) it completes all of them, as if it had worked all the time, and prints what it was told. Its arguments are
 * one JSON object: url, key, and the body of its claim. It ends with its standard input.
 */
import { once } from 'node:events';
import { request } from 'node:http';
import { json } from 'node:stream/consumers';

const { url, key, claim } = JSON.parse(process.argv[2]);

const { body } = await post('/api/v1/tasks/claim', claim);
const { tasks } = body.data;
process.on('SIGCONT', () => void completeAll());
process.stdin.on('end', () => process.exit(0)).resume();
tell(tasks);

async function completeAll() {
  const completions = tasks.map(({ task_id: id, lease_token }) =>
    post(`/api/v1/tasks/${id}/complete`, { lease_token, result: { status: 'success', output: 'too late' } }),
  );
  tell(await Promise.all(completions));
}

/** On a connection of its own: one that was kept open would not have survived the stop. */
async function post(path, content) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const sent = request(url + path, { method: 'POST', headers, agent: false }).end(JSON.stringify(content));
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, body: await json(response) };
}

function tell(news) {
  process.stdout.write(`${JSON.stringify(news)}\n`);
}
