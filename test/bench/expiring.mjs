import { Agent, request } from 'node:http';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { BenchServer } from './bench-server.mjs';
import { latencyFigures } from './figures.mjs';
import { claim, openBenchStore, seed } from './seeding.mjs';

const CALLERS = 10;
/** For claims before the first lease has expired; afterwards there are those that were freed too. */
const ALSO_WAITING = 100_000;
const CLAIMED_AT_ONCE = 100;
const COMMANDS_AT_ONCE = 20;
const LONG_LEASE_MS = 86_400_000;
/** Until the leases end: the server starts, and claims are measured in peace. */
const UNTIL_END_MS = 12_000;
const WARM_UP_MS = 1_000;
const PEACE_MS = 4_000;
const LOOK_EVERY_MS = 100;
const GIVE_UP_MS = 300_000;
const NEXT = '/api/v1/tasks/next?work_path=/srv/queue&recursive=true&worker_id=bench';

/**
 * How long claims take over HTTP while very many leases end at the same time and the sweep takes their tasks back: the
 * built service, callers that claim one task after the other.
 *
 * @param {string} folder
 * @param {{ leases: number, tell: (text: string) => void }} plan
 */
export async function measureExpiring(folder, { leases, tell }) {
  const own = join(folder, 'expiring');
  mkdirSync(join(own, 'data'), { recursive: true });
  const path = join(own, 'data/tasks.db');
  await hold(path, leases);
  const db = new Sqlite(path);
  const endAt = Date.now() + UNTIL_END_MS;
  db.prepare('UPDATE leases SET expires_at = ? WHERE ended_by IS NULL').run(endAt);
  tell(`${leases} leases end at the same time`);
  const server = await BenchServer.start(own);
  try {
    return { leases, callers: CALLERS, ...(await measureAround(server, db, endAt, tell)) };
  } finally {
    await server.stop();
    db.close();
  }
}

/** Leaves a file with so many tasks that a worker holds, and some that wait. */
async function hold(path, leases) {
  const store = await openBenchStore(path);
  await seed(store.tasks, 0, leases + ALSO_WAITING);
  for (let held = 0; held < leases; held += CLAIMED_AT_ONCE * COMMANDS_AT_ONCE) {
    const commands = Math.min(COMMANDS_AT_ONCE, Math.ceil((leases - held) / CLAIMED_AT_ONCE));
    await Promise.all(
      Array.from({ length: commands }, () => claim(store.tasks, {}, CLAIMED_AT_ONCE, LONG_LEASE_MS)),
    );
  }
  await store.close();
}

async function measureAround(server, db, endAt, tell) {
  const left = db.prepare('SELECT 1 FROM leases WHERE ended_by IS NULL AND expires_at <= ? LIMIT 1');
  const claims = [];
  await pause(Math.max(0, endAt - PEACE_MS - WARM_UP_MS - Date.now()));
  const callers = new AbortController();
  const calling = Promise.all(
    Array.from({ length: CALLERS }, () => keepClaiming(server, claims, callers.signal)),
  );
  while (Date.now() < endAt) await pause(LOOK_EVERY_MS);
  const swept = async () => {
    while (left.get(endAt) !== undefined) {
      if (Date.now() > endAt + GIVE_UP_MS) throw new Error('leases that have ended were not taken back');
      await pause(LOOK_EVERY_MS);
    }
  };
  // A caller that finds nothing to claim breaks it off.
  await Promise.race([swept(), calling]).finally(() => callers.abort());
  const sweptAt = Date.now();
  await calling;
  tell(`all were taken back after ${((sweptAt - endAt) / 1000).toFixed(1)} s`);
  const between = (from, to) => {
    const own = claims.filter(({ at }) => at >= from && at < to).map(({ ms }) => ms);
    return {
      claims: own.length,
      claims_per_second: (own.length * 1000) / (to - from),
      ...latencyFigures(own),
    };
  };
  return {
    swept_seconds: (sweptAt - endAt) / 1000,
    before: between(endAt - PEACE_MS, endAt),
    meanwhile: between(endAt, sweptAt),
  };
}

/** One claim after the other, on one connection. */
async function keepClaiming({ url, headers }, claims, signal) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  while (!signal.aborted) {
    const at = Date.now();
    const begun = performance.now();
    const [response] = await once(request(url + NEXT, { headers, agent }).end(), 'response');
    const { data } = await json(response);
    claims.push({ at, ms: performance.now() - begun });
    if (response.statusCode !== 200 || !data)
      throw new Error(`a claim got ${response.statusCode} and no task`);
  }
  agent.destroy();
}
