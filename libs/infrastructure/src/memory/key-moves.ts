import {
  admitted,
  DEFAULT_KEY_LIMIT,
  heldBack,
  movesOf,
  takesSlot,
  type KeyLoad,
  type Task,
} from '@task/domain';
import { byUrgency } from './claim-order';
import type { StoredTask } from './stored-task';

/** How many of some tasks stand where, by their keys. */
export function loadsOf(
  tasks: readonly StoredTask[],
  limits: ReadonlyMap<string, number>,
): Map<string, KeyLoad> {
  const loads = new Map([...limits].map(([key, limit]) => [key, { limit, working: 0, ready: 0, held: 0 }]));
  for (const { task } of tasks) {
    const key = task.state.concurrencyKey;
    if (key === null) continue;
    const load = loads.get(key) ?? { limit: DEFAULT_KEY_LIMIT, working: 0, ready: 0, held: 0 };
    loads.set(key, {
      limit: load.limit,
      working: load.working + Number(takesSlot(task)),
      ready: load.ready + Number(task.state.gate === 'ready'),
      held: load.held + Number(task.state.gate === 'held'),
    });
  }
  return loads;
}

/** What becomes of the tasks of one key, so that the most urgent are ready, as many as there are free slots. */
export function movesAmong(tasks: readonly StoredTask[], load: KeyLoad): readonly Task[] {
  const held = tasks.filter(({ task }) => task.state.gate === 'held').sort(byUrgency);
  const ready = tasks
    .filter(({ task }) => task.state.gate === 'ready')
    .sort(byUrgency)
    .reverse();
  const { admit, holdBack } = movesOf(load);
  if (admit > 0) return held.slice(0, admit).map(({ task }) => admitted(task));
  if (holdBack > 0) return ready.slice(0, holdBack).map(({ task }) => heldBack(task));
  return held.flatMap((head, index) => {
    const tail = ready[index];
    return tail !== undefined && byUrgency(head, tail) < 0 ? [admitted(head.task), heldBack(tail.task)] : [];
  });
}
