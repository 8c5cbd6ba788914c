import { join } from 'node:path';
import { measureArchiving } from './archiving.mjs';
import { BenchServer } from './bench-server.mjs';
import { measureChurn } from './churn.mjs';
import { measureClaims } from './claims.mjs';
import { measureDueLater } from './due-later.mjs';
import { measureExpiring } from './expiring.mjs';
import { measureFlat, measureFlatPostgres } from './flat.mjs';
import { measureInstances } from './instances.mjs';
import { measureOrchestration } from './orchestration.mjs';
import { sizesOf } from './scratch.mjs';
import { measureSeedsLoad } from './seeds-load.mjs';
import { measureSmall } from './small.mjs';
import { measureStatistics } from './statistics.mjs';
import { measureTaskManager } from './task-manager.mjs';
import { measureThroughput } from './throughput.mjs';

/** Lets a part work in a folder of its own. */
const inOwn = (name, measure) => (folder, plan) => measure(join(folder, name), plan);

/**
 * The parts of the bench in their order, by their names in the report: the names under which each can be asked for, its own
 * the last, and how it is measured.
 */
export const PARTS = {
  service: { names: ['throughput'], measure: measureService },
  claims: { names: ['claims', 'lengths'], measure: measureClaims },
  due_later: { names: ['claims', 'due-later'], measure: measureDueLater },
  orchestration: { names: ['claims', 'orchestration'], measure: measureOrchestration },
  expiring: { names: ['claims', 'expiring'], measure: measureExpiring },
  statistics: { names: ['statistics'], measure: inOwn('month', measureMonth) },
  task_manager: { names: ['task-manager'], measure: measureTaskManager },
  small: { names: ['small'], measure: inOwn('small', measureSmall) },
  seeds_load: { names: ['seeds-load'], measure: inOwn('seeds-load', measureSeedsLoad) },
  flat: { names: ['flat'], measure: inOwn('flat', measureFlat) },
  archiving: { names: ['archiving'], measure: inOwn('archiving', measureArchiving) },
  instances: { names: ['instances'], measure: inOwn('instances', measureInstances) },
  // Only when they are asked for: each takes a quarter of an hour or more.
  flat_postgres: {
    names: ['flat-postgres'],
    measure: inOwn('flat-postgres', measureFlatPostgres),
    isExtra: true,
  },
  churn: { names: ['churn'], measure: (_folder, plan) => measureChurn(plan), isExtra: true },
};

/** Whether a part is to be measured. @param {string} [asked] one of its names; without it, whatever is not extra */
export function isWanted({ names, isExtra = false }, asked) {
  return asked === undefined ? !isExtra : names.includes(asked);
}

/** All names under which parts can be asked for. */
export const PART_NAMES = [...new Set(Object.values(PARTS).flatMap(({ names }) => names))];

function measureMonth(folder, { times, ...plan }) {
  return measureStatistics(folder, { ...plan, measureMs: 2 * times.measureMs });
}

async function measureService(folder, plan) {
  const server = await BenchServer.start(folder);
  try {
    const routes = await measureThroughput(server, plan);
    const { total } = (await server.ask('/api/v1/tasks?limit=1')).pagination;
    return {
      ...plan.times,
      rounds: plan.rounds,
      routes,
      idle_memory: server.idle,
      tasks: total,
      ...sizesOf(server.database),
    };
  } finally {
    await server.stop();
  }
}
