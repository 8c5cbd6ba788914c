import type { Commit, ReadyTasks } from '@task/application';

/** What instances tell each other of beside tasks. */
export const TOPICS = ['keys', 'settings'] as const;
export type Topic = (typeof TOPICS)[number];

/** What one instance tells the others. */
export interface News {
  /** The instance that tells. */
  readonly from: string;
  readonly commit: Commit;
  /** What has changed beside tasks. */
  readonly topics: readonly Topic[];
}

/** As it goes through the database, with short names: it may have 8 000 bytes at most. */
interface Wire {
  readonly i: string;
  readonly e?: number | null;
  readonly s?: number | null;
  readonly r?: readonly (readonly [
    directory: string | null,
    taskType: string,
    kbId: string | null,
    count: number,
  ])[];
  readonly g?: 1;
  readonly t?: readonly Topic[];
}

/** The channel of NOTIFY. Instances on one database share it. */
export const CHANNEL = 'task_orchestrator';

const MOST_BYTES = 7_900;

/** Writes news down, or null when there are none. What would be too long is told as "anything may have happened". */
export function bulletinOf({ from, commit, topics }: News): string | null {
  const { ready, scheduledFor, lastEventId, isGap = false } = commit;
  const isNews = ready.length > 0 || scheduledFor !== null || lastEventId !== null || isGap;
  if (!isNews && topics.length === 0) return null;
  const short: Wire = {
    i: from,
    ...(lastEventId !== null && { e: lastEventId }),
    ...(topics.length > 0 && { t: topics }),
  };
  const gap = JSON.stringify({ ...short, g: 1 } satisfies Wire);
  if (isGap) return gap;
  const whole = JSON.stringify({
    ...short,
    ...(scheduledFor !== null && { s: scheduledFor }),
    ...(ready.length > 0 && { r: ready.map(tupleOf) }),
  } satisfies Wire);
  return Buffer.byteLength(whole) > MOST_BYTES ? gap : whole;
}

/**
 * Reads news, or null for what no instance has written: anybody may NOTIFY. What an instance of another release has
 * written in other words means that anything may have happened.
 */
export function newsIn(bulletin: string): News | null {
  const wire = wireIn(bulletin);
  if (wire === null) return null;
  const { i, e = null, s = null, r = [], g, t = [] } = wire;
  const ready = r.map(([directory, taskType, kbId, count]) => ({ directory, taskType, kbId, count }));
  const commit = {
    ready,
    scheduledFor: s,
    lastEventId: e,
    hasEndedDependency: false,
    moves: [],
    ...(g === 1 && { isGap: true }),
  };
  return { from: i, commit, topics: t };
}

function tupleOf({ directory, taskType, kbId, count }: ReadyTasks): NonNullable<Wire['r']>[number] {
  return [directory, taskType, kbId, count];
}

function wireIn(bulletin: string): Wire | null {
  try {
    const value: unknown = JSON.parse(bulletin);
    if (isWire(value)) return value;
    const { i } = (value ?? {}) as { readonly i?: unknown };
    return typeof i === 'string' ? { i, g: 1, t: TOPICS } : null;
  } catch {
    return null;
  }
}

function isWire(value: unknown): value is Wire {
  if (typeof value !== 'object' || value === null) return false;
  const { i, e, s, r, g, t } = value as Partial<Record<keyof Wire, unknown>>;
  return (
    typeof i === 'string' &&
    [e, s, g].every((each) => each === undefined || each === null || typeof each === 'number') &&
    (r === undefined || (Array.isArray(r) && r.every(isTuple))) &&
    (t === undefined || (Array.isArray(t) && t.every((topic) => TOPICS.includes(topic as Topic))))
  );
}

function isTuple(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 4) return false;
  const [directory, taskType, kbId, count] = value as readonly unknown[];
  const isName = (name: unknown): boolean => name === null || typeof name === 'string';
  return isName(directory) && typeof taskType === 'string' && isName(kbId) && typeof count === 'number';
}
