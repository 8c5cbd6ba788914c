// Works properly while others abuse the service: files a task, reads it, claims it, renews it, completes it, and
// compares every answer with what it has to be. A process of its own, so that nothing but the service makes it wait.
// When its input ends, it finishes what it does and prints what became of it.

const [url, key, whoElse] = process.argv.slice(2);
/** Where others touch the queue too, a task can be gone before it is claimed. */
const isAlone = whoElse === 'alone';
const LIMIT_MS = 20_000;
const DIRECTORY = '/srv/good';
const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' };

const latencies = [];
const complaints = [];
let filed = 0;
let isOver = false;
process.stdin.resume().once('end', () => {
  isOver = true;
});

while (!isOver && complaints.length === 0) await round().catch((error) => complaints.push(String(error)));
latencies.sort((one, other) => one - other);
const at = (share) => Math.round(latencies[Math.ceil(latencies.length * share) - 1] ?? 0);
console.log(
  JSON.stringify({ filed, complaints, answers: latencies.length, p99Ms: at(0.99), worstMs: at(1) }),
);
process.exit();

async function round() {
  const prompt = `Do the proper thing number ${filed}`;
  const created = await ask('POST', '/api/v1/tasks', 201, { work_directory: DIRECTORY, prompt });
  filed += 1;
  const path = `/api/v1/tasks/${created.task_id}`;
  const read = await ask('GET', path, 200);
  expect(read.prompt === prompt, `read ${JSON.stringify(read)}`);
  const claimed = await ask('GET', `/api/v1/tasks/next?work_path=${DIRECTORY}&worker_id=good`, 200);
  if (!isAlone) return;
  expect(claimed?.task_id === created.task_id, `claimed ${JSON.stringify(claimed)}`);
  const proof = { lease_token: claimed.lease_token };
  await ask('POST', `${path}/heartbeat`, 200, proof);
  await ask('POST', `${path}/complete`, 200, { ...proof, original_prompt: prompt, result: { a: 1 } });
  const done = await ask('GET', path, 200);
  expect(done.status === 'completed', `completed ${JSON.stringify(done)}`);
}

async function ask(method, path, expected, body) {
  const begun = performance.now();
  const signal = AbortSignal.timeout(LIMIT_MS);
  const response = await fetch(url + path, { method, headers, signal, body: body && JSON.stringify(body) });
  const text = await response.text();
  latencies.push(performance.now() - begun);
  expect(response.status === expected, `${method} ${path} was answered ${response.status}: ${text}`);
  return JSON.parse(text).data;
}

function expect(isRight, complaint) {
  if (!isRight) throw new Error(complaint);
}
