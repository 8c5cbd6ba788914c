import type { HistoryEntry } from '@task/application';
import type { Task } from '@task/domain';
import type { Play } from './play';

/** No key has had more of its tasks worked on at once than it may, at any event since the moves began. */
export function expectWithinLimits(
  { filed, highest }: Play,
  events: readonly HistoryEntry[],
  since: number,
): void {
  const keyOf = new Map(filed.map(({ id, key }) => [id, key]));
  const working = new Map<string, number>();
  for (const { eventId, taskId, from, to, command } of events) {
    const key = keyOf.get(taskId) ?? null;
    if (key === null) continue;
    const now = (working.get(key) ?? 0) + Number(to === 'working') - Number(from === 'working');
    working.set(key, now);
    if (eventId <= since || command !== 'claim') continue;
    expect([key, eventId, now <= (highest.get(key) ?? 1)]).toEqual([key, eventId, true]);
  }
}

/** What keys say of themselves is what their tasks say; and no more are ready than there are free slots. */
export async function expectCountedKeys(play: Play, tasks: readonly Task[]): Promise<void> {
  for (const { key, limit, ...load } of await play.keys.list('', 100)) {
    expect([key, limit]).toEqual([key, play.limitOf(key)]);
    expect([key, load]).toEqual([key, loadOf(key, tasks)]);
    expect([key, load.ready <= Math.max(0, limit - load.working)]).toEqual([key, true]);
  }
}

/** Every free slot is offered: to as many tasks as wait for it, the most urgent ones. */
export function expectOffered(play: Play, tasks: readonly Task[]): void {
  const placeOf = new Map(play.filed.map(({ id, place }) => [id, place]));
  const urgency = ({ id, state }: Task): number => (placeOf.get(id) ?? 0) - state.priority * 1_000_000;
  for (const key of new Set(play.filed.flatMap((task) => task.key ?? []))) {
    const own = tasks
      .filter(({ state: { concurrencyKey, gate } }) => concurrencyKey === key && isNext(gate))
      .sort((left, right) => urgency(left) - urgency(right));
    const free = Math.max(0, play.limitOf(key) - loadOf(key, tasks).working);
    expect([key, own.map(({ state }) => state.gate)]).toEqual([
      key,
      own.map((_, index) => (index < free ? 'ready' : 'held')),
    ]);
  }
}

function isNext(gate: string | null): boolean {
  return gate === 'ready' || gate === 'held';
}

function loadOf(key: string, tasks: readonly Task[]): { working: number; ready: number; held: number } {
  const own = tasks.map(({ state }) => state).filter(({ concurrencyKey }) => concurrencyKey === key);
  const count = (isWanted: (state: (typeof own)[number]) => boolean): number => own.filter(isWanted).length;
  return {
    working: count(({ status, lease }) => status === 'working' || (lease?.slotUntil ?? null) !== null),
    ready: count(({ gate }) => gate === 'ready'),
    held: count(({ gate }) => gate === 'held'),
  };
}
