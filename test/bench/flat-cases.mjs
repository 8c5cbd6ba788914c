import { directoryOf, PEOPLE } from './queue-of-many.mjs';
import { KEY, TAGS } from './mixed-queue.mjs';

const A = '/api/v1';
const B = '/task-manager/api/v1';
const TASKS = `GET ${A}/tasks`;
const STATUSES = ['waiting', 'working', 'completed', 'failed'];
const RARE = directoryOf(0);
const COMMON = directoryOf(1);
const ONE_OF_MANY = directoryOf(77);
/** Lists, and about where their last full page is in the shorter queue: an answer without tasks would cost less. */
const DEEP = [
  ['', 9800],
  ['sort_by=priority&', 9800],
  ['sort_by=status&sort_order=asc&', 9800],
  ['status=completed&', 5500],
  ['work_directory=queue&', 7800],
  [`work_directory=${COMMON}&`, 3000],
  [`tags=${TAGS.half.name}&`, 4500],
  ['created_after={day:-29}&', 9000],
];

/**
 * Every list by every filter, and whatever else can be read: the operation as the OpenAPI document has it, and what is
 * asked of it, by pages that the shorter queue fills too: longer answers take longer. `{id:waiting}` stands for the id of a task in that status, `{cursor}` for the one of the page that begins
 * in the middle of the shorter queue, `{day:-1}` for the time a day ago, `{recent}` for
 * a place in the log of events: whoever filters it from its beginning has it read from there.
 *
 * @type {{ operation: string, query?: string, path?: Record<string, string>, events?: number }[]} with the number of events
 *   that are waited for, where the answer is a stream
 */
export const CASES = [
  ...[
    '',
    'limit=1000',
    'status=cancelled&limit=20',
    ...STATUSES.map((status) => `status=${status}`),
    ...['low', 'medium', 'high'].map((priority) => `priority=${priority}`),
    'status=waiting&priority=high',
    'status=completed&priority=low',
    `work_directory=${RARE}/`,
    `work_directory=${ONE_OF_MANY}/&limit=4`,
    `work_directory=${COMMON}`,
    `work_directory=${COMMON}&status=waiting`,
    'work_directory=/srv/queue/others',
    'work_directory=/srv/queue/others/77',
    'work_directory=queue',
    'work_directory=queue&status=completed',
    'work_directory=nowhere',
    'task_type=build',
    'task_type=build&status=failed',
    'task_type=knowledge_indexing',
    'kb_id=kb-7&limit=10',
    'kb_id=kb-7&task_type=knowledge_indexing&status=completed&limit=2',
    `task_type=test&work_directory=${ONE_OF_MANY}/&limit=1`,
    ...Object.values(TAGS).map(({ name }) => `tags=${name}&limit=8`),
    `tags=${TAGS.half.name}`,
    `tags=${TAGS.half.name},${TAGS.fifth.name}`,
    `tags=${TAGS.half.name},${TAGS.thousandth.name}&limit=4`,
    `tags=${TAGS.fifth.name},${TAGS.hundredth.name}&tags_mode=any`,
    `tags=${TAGS.half.name}&status=completed`,
    `tags=${TAGS.fifth.name}&status=failed&priority=high&limit=20`,
    `tags=${TAGS.hundredth.name}&status=waiting&limit=20`,
    `tags=${TAGS.fifth.name}&work_directory=${COMMON}`,
    `tags=${TAGS.fifth.name}&work_directory=${ONE_OF_MANY}/&limit=1`,
    `tags=${TAGS.half.name}&sort_by=priority`,
    `tags=${TAGS.hundredth.name}&sort_by=status&limit=20`,
    'tags=unknown',
    'created_after={day:-4}',
    'created_before={day:-15}',
    'created_after={day:-16}&created_before={day:-15}',
    'created_after={day:-20}&status=completed',
    'created_before={day:-25}&status=failed&sort_order=asc&limit=50',
    `created_after={day:-10}&work_directory=${COMMON}`,
    `created_after={day:-10}&tags=${TAGS.fifth.name}`,
    'created_before={day:-15}&sort_by=priority',
    'sort_order=asc',
    ...['priority', 'status'].flatMap((by) => ['asc', 'desc'].map((to) => `sort_by=${by}&sort_order=${to}`)),
    `work_directory=${COMMON}&sort_by=priority`,
    'work_directory=/srv/queue/others&sort_by=status',
    ...DEEP.flatMap(([query, deepest]) => [1000, deepest].map((offset) => `${query}offset=${offset}`)),
    ...['', 'sort_by=priority&', 'status=completed&', 'work_directory=queue&', `tags=${TAGS.half.name}&`].map(
      (query) => `${query}cursor={cursor}`,
    ),
  ].map((query) => ({ operation: TASKS, query })),
  ...['waiting', 'working', 'completed'].map((status) => ofTask(`GET ${A}/tasks/{task_id}`, status)),
  ofTask(`GET ${A}/tasks/{task_id}/history`, 'completed'),
  ofTask(`GET ${A}/tasks/{task_id}/dependencies`, 'first'),
  { ...ofTask(`GET ${A}/tasks/{task_id}/dependencies`, 'first'), query: 'limit=10&cursor={cursor}' },
  ofTask(`GET ${A}/tasks/{task_id}/dependencies`, 'last'),
  ...['', 'limit=5', 'limit=5&cursor={cursor}'].map((query) => ({
    operation: `GET ${A}/concurrency-keys`,
    query,
  })),
  { operation: `GET ${A}/concurrency-keys/{key}`, path: { key: KEY } },
  ...['', 'limit=10&offset=20'].map((query) => ({ operation: `GET ${A}/workers`, query })),
  { operation: `GET ${A}/workers/{worker_id}`, path: { worker_id: 'worker-7' } },
  ...['', 'limit=5&offset=5'].map((query) => ({ operation: `GET ${A}/schedules`, query })),
  { operation: `GET ${A}/schedules/{schedule_id}`, path: { schedule_id: '{schedule}' } },
  ...[
    'after=0',
    'after={recent}&type=task.cancelled',
    'after={recent}&status=cancelled',
    'after=0&task_id={id:completed}',
    `after={recent}&work_directory=${COMMON}`,
    'after={recent}&work_directory=/srv/queue&recursive=true',
  ].map((query) => ({ operation: `GET ${A}/events`, query, events: query.includes('task_id') ? 1 : 10 })),
  ...['after=0', 'after=0&type=task.completed', 'after=0&status=completed'].map((query) => ({
    ...ofTask(`GET ${A}/tasks/{task_id}/events`, 'completed'),
    ...{ query, events: 1 },
  })),
  ...['', 'period=1h', 'period=7d', 'period=30d', 'period=30d&granularity=hour'].map((query) => ({
    operation: `GET ${A}/statistics`,
    query,
  })),
  { operation: `GET ${A}/config` },
  ...['', 'include_revoked=true&limit=10&offset=5'].map((query) => ({ operation: `GET ${A}/keys`, query })),
  ...[
    '',
    `actor=${PEOPLE}`,
    'action=key.create&limit=5',
    'after={day:-1}&before={day:1}&limit=5',
    'limit=5&cursor={cursor}',
  ].map((query) => ({ operation: `GET ${A}/audit`, query })),
  ofTask('GET /tasks/{task_id}', 'completed'),
  { operation: 'GET /health' },
  { operation: 'GET /health/live' },
  { operation: 'GET /health/ready' },
  { operation: 'GET /metrics' },
  ...[
    '',
    'status=queued',
    'status=completed&page_size=100',
    'task_type=document_processing',
    'kb_id=kb-7&priority=critical&page_size=2',
    'priority=low',
    'page=11&page_size=100',
    'page=101&page_size=100',
    'sort_by=priority&sort_order=asc',
  ].map((query) => ({ operation: `GET ${B}/tasks`, query })),
  ...['first', 'last', 'completed'].map((status) => ofTask(`GET ${B}/tasks/{task_id}`, status)),
  ...['', 'kb_id=kb-7'].map((query) => ({ operation: `GET ${B}/stats/tasks`, query })),
  { operation: `GET ${B}/stats/system` },
  ...['', 'task_type=document_processing', 'priority=high', 'task_type=build&priority=low'].map((query) => ({
    operation: `GET ${B}/queues/info`,
    query,
  })),
  { operation: 'GET /task-manager/health' },
  { operation: 'GET /task-manager/metrics' },
];

/** What is read by GET and is in none of the cases, or a parameter that none of them has, and why. */
export const LEFT_OUT = new Map([
  [`GET ${A}/tasks/next`, 'hands out work: what claims take meanwhile is measured beside every case'],
]);

function ofTask(operation, status) {
  return { operation, path: { task_id: `{id:${status}}` } };
}

/**
 * Makes sure that the cases ask every operation that reads for everything that it can be asked for.
 * @param {object[]} documents OpenAPI documents of the service
 * @param {string[]} under the paths that each of them leaves out
 */
export function requireEveryRead(documents, under) {
  const asked = new Map();
  for (const { operation, query = '' } of CASES) {
    const names = asked.get(operation) ?? new Set();
    for (const name of new URLSearchParams(query).keys()) names.add(name);
    asked.set(operation, names);
  }
  const missing = documents.flatMap(({ paths }, index) =>
    Object.entries(paths).flatMap(([path, { get }]) => {
      const operation = `GET ${under[index]}${path}`;
      if (get === undefined || LEFT_OUT.has(operation)) return [];
      const names = asked.get(operation);
      if (names === undefined) return [operation];
      const parameters = (get.parameters ?? []).filter(({ in: place }) => place === 'query');
      return parameters.filter(({ name }) => !names.has(name)).map(({ name }) => `${operation} by ${name}`);
    }),
  );
  if (missing.length > 0) throw new Error(`no case for ${missing.join(', ')}`);
}
