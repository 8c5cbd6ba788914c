import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { BenchServer } from './bench-server.mjs';
import { Client } from './client.mjs';
import { latencyFigures } from './figures.mjs';
import { claim, fill, seed } from './seeding.mjs';
import { atPace } from './steady-pace.mjs';

const CLAIMS_PER_SECOND = 100;
/** What comes on top waits for one of them, and its time runs. */
const CONNECTIONS = 20;
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
 * built service, claims that come at a steady pace however long the answers take.
 *
 * @param {string} folder
 * @param {{ leases: number, tell: (text: string) => void }} plan
 */
export async function measureExpiring(folder, { leases, tell }) {
  const own = join(folder, 'expiring');
  const path = await fill(own, (store) => hold(store, leases));
  const db = new Sqlite(path);
  const endAt = Date.now() + UNTIL_END_MS;
  db.prepare('UPDATE leases SET expires_at = ? WHERE ended_by IS NULL').run(endAt);
  tell(`${leases} leases end at the same time`);
  const server = await BenchServer.start(own);
  const client = new Client(server, CONNECTIONS);
  try {
    const measured = await measureAround(client, db, endAt, tell);
    return { leases, claims_per_second: CLAIMS_PER_SECOND, ...measured };
  } finally {
    client.close();
    await server.stop();
    db.close();
  }
}

/** Leaves so many tasks that a worker holds, and some that wait. */
async function hold(store, leases) {
  await seed(store.tasks, 0, leases + ALSO_WAITING);
  for (let held = 0; held < leases; held += CLAIMED_AT_ONCE * COMMANDS_AT_ONCE) {
    const commands = Math.min(COMMANDS_AT_ONCE, Math.ceil((leases - held) / CLAIMED_AT_ONCE));
    await Promise.all(
      Array.from({ length: commands }, () => claim(store.tasks, {}, CLAIMED_AT_ONCE, LONG_LEASE_MS)),
    );
  }
}

async function measureAround(client, db, endAt, tell) {
  const left = db.prepare('SELECT 1 FROM leases WHERE ended_by IS NULL AND expires_at <= ? LIMIT 1');
  await pause(Math.max(0, endAt - PEACE_MS - WARM_UP_MS - Date.now()));
  const enough = new AbortController();
  const claiming = atPace({ perSecond: CLAIMS_PER_SECOND, signal: enough.signal }, (due) =>
    next(client, due),
  );
  const swept = async () => {
    await pause(Math.max(0, endAt - Date.now()));
    while (left.get(endAt) !== undefined) {
      if (Date.now() > endAt + GIVE_UP_MS) throw new Error('leases that have ended were not taken back');
      await pause(LOOK_EVERY_MS);
    }
  };
  // A claim that finds nothing breaks it off.
  await Promise.race([swept(), claiming]).finally(() => enough.abort());
  const sweptAt = Date.now();
  const claims = await claiming;
  tell(`all were taken back after ${((sweptAt - endAt) / 1000).toFixed(1)} s`);
  const between = (from, to) => {
    const own = claims.filter(({ at }) => at >= from && at < to).map(({ ms }) => ms);
    return { claims: own.length, ...latencyFigures(own) };
  };
  return {
    swept_seconds: (sweptAt - endAt) / 1000,
    before: between(endAt - PEACE_MS, endAt),
    meanwhile: between(endAt, sweptAt),
  };
}

/** @returns when it was due, in the time of the lease's end, and ms from then on */
async function next(client, due) {
  const task = await client.ask('GET', NEXT);
  if (task === null) throw new Error('a claim got no task');
  return { at: performance.timeOrigin + due, ms: performance.now() - due };
}
