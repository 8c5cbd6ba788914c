import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { directoryOf, PEOPLE } from './queue-of-many.mjs';
import { fill, LIVE, seed } from './seeding.mjs';

const require = createRequire(import.meta.url);
const DIST = resolve(import.meta.dirname, '../../dist');
const MONTH_MS = 30 * 86_400_000;
/** Of the tasks that were worked on, in percent: the others failed. */
const COMPLETED = 90;
const WAITING_SHARE = 0.3;
/** Long enough for those that are held when the queue is used; PostgreSQL keeps no more than 2^31 ms. */
const LEASE_MS = 24 * 86_400_000;
/** Batches in which the tasks came: as many in every queue, so that the shorter one is not of fewer days. */
const BATCHES = 1000;
/** Tasks that end in one transaction. */
const TOGETHER = 250;
const WORKERS = 50;
/** Of the latest that were claimed, those that the workers still hold, however long the queue. */
const HELD = 500;
const TYPES = ['build', 'test', 'agent_prompt'];
const KNOWLEDGE_TYPES = ['document_processing', 'embedding_generation', 'knowledge_indexing'];
const KNOWLEDGE_BASES = 100;

/** What is asked for, and how often tasks have it. */
export const TAGS = {
  half: { name: 'performance', oneIn: 2 },
  fifth: { name: 'database', oneIn: 5 },
  hundredth: { name: 'area-7', oneIn: 100 },
  thousandth: { name: 'ticket-7', oneIn: 1000 },
};
/** Has one task in two thousand of the waiting. */
export const KEY = 'deploy-7';
const KEYS = 20;
const LATER_MS = 365 * 86_400_000;

/**
 * A queue as it is after a month: most tasks have ended well, some badly, some were cancelled, some are worked on; the
 * latest wait, a few of them for a later time, for another task, or for the slot of their key. In 1 000 directories and
 * 100 knowledge bases, of six types, with common and with rare tags.
 *
 * @param {string} folder of a service that is to be started there
 * @param {number} count
 */
export function fillMixed(folder, count) {
  const from = Date.now() - MONTH_MS;
  const clock = { time: from, now: () => clock.time };
  const batch = Math.ceil(count / BATCHES);
  const worked = Math.round((count * (1 - WAITING_SHARE)) / batch) * batch;
  const at = (number) => Math.round(from + (MONTH_MS * number) / count);
  const work = async ({ tasks }) => {
    for (let first = 0; first < worked; first += batch) {
      clock.time = at(first);
      await seed(tasks, first, first + batch, changesOf);
      const claimed = await claimAll(tasks, first, batch);
      await end(tasks, claimed.slice(0, Math.max(0, worked - HELD - first)), first, clock);
    }
    for (let first = worked; first < count; first += batch) {
      clock.time = at(first);
      await seed(tasks, first, Math.min(first + batch, count), waitingChangesOf, await behind(tasks));
    }
    await cancelSome(tasks, count);
  };
  return fill(folder, work, clock);
}

function changesOf(number) {
  const isOfKnowledge = number % 5 === 4;
  const place = isOfKnowledge
    ? { workDirectory: null, kbId: `kb-${scattered(number, 1) % KNOWLEDGE_BASES}` }
    : { workDirectory: directoryOf(number), kbId: null };
  const types = isOfKnowledge ? KNOWLEDGE_TYPES : TYPES;
  return {
    ...place,
    taskType: types[scattered(number, 2) % types.length],
    priority: [2, 5, 5, 8, 10][scattered(number, 3) % 5],
    tags: tagsOf(scattered(number, 4)),
  };
}

function waitingChangesOf(number) {
  return {
    ...changesOf(number),
    availableAt: number % 50 === 3 ? Date.now() + LATER_MS : null,
    concurrencyKey: number % 100 === 5 ? `deploy-${scattered(number, 5) % KEYS}` : null,
  };
}

function tagsOf(draw) {
  const drawn = Object.values(TAGS).map(({ name, oneIn }) => name.replace('7', String(draw % oneIn)));
  const isFlag = [draw % TAGS.half.oneIn, Math.floor(draw / 2) % TAGS.fifth.oneIn, 0, 0];
  return drawn.filter((_name, index) => isFlag[index] === 0);
}

/** The same number for the same task in every queue, and none that follows from another one's. */
function scattered(number, salt) {
  let value = Math.imul(number + 1, 0x9e3779b1) ^ Math.imul(salt, 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}

/** What waits, by workers in equal parts; the first of them another one each time. */
async function claimAll(tasks, first, batch) {
  const each = Math.ceil(batch / WORKERS);
  const claims = Array.from({ length: Math.ceil(batch / each) }, (_, index) => {
    const workerId = `worker-${(first + index) % WORKERS}`;
    const terms = { token: 'token', workerId, lengthMs: LEASE_MS };
    return tasks.claim({}, each, (task, now) => task.claim(terms, PEOPLE, now), LIVE);
  });
  return (await Promise.all(claims)).flat();
}

/** Ends tasks in the hands of workers. @param from the number of the first */
async function end(tasks, ended, from, clock) {
  const { JsonDocument } = require(join(DIST, 'libs/domain/src/index.js'));
  const result = JsonDocument.fromText('{"status":"success","output":"Added an index."}');
  const failure = { errorMessage: 'The build broke.', result: null, retryable: false };
  const retry = { baseMs: 5000, capMs: 900_000, random: () => 0.5 };
  const proof = { leaseToken: 'token' };
  for (let first = 0; first < ended.length; first += TOGETHER) {
    clock.time += Math.round(10 * 1000 ** Math.random());
    const ends = ended.slice(first, first + TOGETHER).map(({ id }, index) => {
      const decide =
        scattered(from + first + index, 6) % 100 < COMPLETED
          ? (task, now) => task.complete(result, proof, PEOPLE, now)
          : (task, now) => task.fail(failure, proof, retry, PEOPLE, now);
      return tasks.update(id, decide, LIVE);
    });
    await Promise.all(ends);
  }
}

/** One task in fifty waits for a task that waits itself. */
async function behind(tasks) {
  const [first] = await pageOf(tasks, 1);
  return { id: first?.id ?? null, isBehind: (number) => first !== undefined && number % 50 === 7 };
}

/** One of those that wait in a hundred, as somebody would who thinks again. */
async function cancelSome(tasks, count) {
  const cancelled = await pageOf(tasks, 1 + Math.round((count * WAITING_SHARE) / 100));
  const decide = (task, now) => task.cancel('Not needed any more.', false, PEOPLE, now);
  await Promise.all(cancelled.slice(1).map(({ id }) => tasks.update(id, decide, LIVE)));
}

async function pageOf(tasks, limit) {
  const page = { filter: { status: 'waiting' }, sort: { by: 'created_at', order: 'asc' } };
  return (await tasks.list({ ...page, limit, offset: 0, after: null })).tasks;
}
