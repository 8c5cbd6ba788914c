// Lets two schedules come every minute of a year, in two time zones, on two instances that share one file and are started
// again now and then: `npm run year:schedules`, or less of the year: `npm run year:schedules -- 30` for thirty days.
// Ends with 1 when an occurrence is missing or doubled.

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const require = createRequire(import.meta.url);
const DIST = resolve(import.meta.dirname, '../../dist');
const { CreateTasks, ScheduledRuns } = require(join(DIST, 'libs/application/src'));
const { newSchedule, TaskTypes } = require(join(DIST, 'libs/domain/src'));
const { CronerRecurrence, migrateStore, openStore, RandomIds } = require(
  join(DIST, 'libs/infrastructure/src'),
);

const DAYS = Number(process.argv[2] ?? 365);
const MINUTE_MS = 60_000;
const MINUTES = DAYS * 1_440;
const ZONES = ['Europe/Berlin', 'America/New_York'];
/** So often both look at the same moment, one is started again, and it is told how far the year is. */
const [TOGETHER_EVERY, RESTART_EVERY, TELL_EVERY] = [50, 5_000, 43_200];
/** Of a year that begins in March, thirty days have a turn of each clock. */
const BEGINNING = Date.UTC(2025, 2, 8);
const MEMORY = { admit: () => undefined };
const POLICY = { maxWaiting: 100_000_000, promptMinWords: 0, taskTypes: new TaskTypes() };

const folder = mkdtempSync(join(tmpdir(), 'schedule-year-'));
const clock = {
  time: BEGINNING,
  now() {
    return this.time;
  },
};
const options = {
  url: { kind: 'sqlite', path: join(folder, 'tasks.db') },
  ...{ maxConnections: 1, timeoutMs: 30_000, commandTimeoutMs: 60_000, clock },
};
const recurrence = new CronerRecurrence();

const open = async () => {
  const store = await openStore(options);
  const runs = new ScheduledRuns(new CreateTasks(store.tasks, new RandomIds(), POLICY, MEMORY), recurrence);
  return { store, runs };
};

const look = async ({ store, runs }) => {
  while ((await store.schedules.runDue(50, (...given) => runs.due(...given))) > 0);
};

const occurrencesIn = async (events) => {
  const found = new Map(ZONES.map((zone) => [zone, []]));
  for (let after = 0, hasMore = true; hasMore;) {
    const page = await events.read(after, 1_000, {});
    for (const { details } of page.events) found.get(details.schedule).push(Date.parse(details.scheduled_at));
    ({ readTo: after, hasMore } = page);
  }
  return found;
};

try {
  await migrateStore(options);
  const instances = [await open(), await open()];
  for (const timeZone of ZONES) {
    const draft = { name: timeZone, cron: '* * * * *', timeZone, task: { prompt: 'come again' } };
    const by = { id: randomUUID(), actor: 'year', now: BEGINNING };
    await instances[0].store.schedules.create(() => newSchedule(draft, by, recurrence));
  }
  const begun = performance.now();
  for (let minute = 1; minute <= MINUTES; minute += 1) {
    clock.time += MINUTE_MS;
    const [one, other] = minute % 2 === 0 ? instances : [instances[1], instances[0]];
    if (minute % TOGETHER_EVERY === 0) await Promise.all([look(one), look(other)]);
    else await look(one).then(() => look(other));
    if (minute % RESTART_EVERY === 0) {
      await one.store.close();
      instances[instances.indexOf(one)] = await open();
    }
    if (minute % TELL_EVERY === 0) console.log(`${minute / 1_440} days lived through`);
  }
  const seconds = Math.round((performance.now() - begun) / 1_000);
  let isRight = true;
  for (const [zone, made] of await occurrencesIn(instances[0].store.events)) {
    const distinct = new Set(made);
    const missing = MINUTES - distinct.size;
    const strange = made.filter((at) => at <= BEGINNING || at > clock.time || at % MINUTE_MS !== 0).length;
    console.log(
      `${zone}: ${made.length} tasks of ${MINUTES} occurrences, ${missing} missing, ${made.length - distinct.size} doubled`,
    );
    isRight &&= missing === 0 && made.length === distinct.size && strange === 0;
  }
  console.log(`${DAYS} days in ${seconds} s`);
  for (const { store } of instances) await store.close();
  process.exitCode = isRight ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
