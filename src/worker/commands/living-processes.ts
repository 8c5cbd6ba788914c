import { readdirSync, readFileSync } from 'node:fs';

/** Who lives of a process group and of all that came out of it. */
export interface LivingProcesses {
  /** Whether any of them is in the group. */
  readonly isInGroup: boolean;
  /** Those that have left it. */
  readonly strays: readonly number[];
}

/**
 * The living processes that are in a group, or have an entry (`NAME=value`) in their environment, which is handed
 * down to every descendant, also to those that have left their group and session. Those that only wait to be reaped
 * do not live. Null where the system has no `/proc`.
 */
export function livingProcesses(group: number | null, entry: string): LivingProcesses | null {
  const ids = processIds();
  if (ids === null) return null;
  const marker = Buffer.from(entry);
  const places = ids.map((pid) => [pid, placeOf(pid, group, marker)] as const);
  return {
    isInGroup: places.some(([, place]) => place === 'in the group'),
    strays: places.flatMap(([pid, place]) => (place === 'stray' ? [pid] : [])),
  };
}

function processIds(): number[] | null {
  try {
    const ids = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
    return ids.length > 0 ? ids : null;
  } catch {
    return null;
  }
}

function placeOf(pid: number, group: number | null, marker: Buffer): 'in the group' | 'stray' | null {
  try {
    // `pid (name) state parent group …`; the name may hold blanks and brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state = '', , itsGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if ('ZX'.includes(state)) return null;
    if (Number(itsGroup) === group) return 'in the group';
    return hasEntry(readFileSync(`/proc/${pid}/environ`), marker) ? 'stray' : null;
  } catch {
    // Ended meanwhile, or somebody else's.
    return null;
  }
}

function hasEntry(environment: Buffer, marker: Buffer): boolean {
  for (let at = environment.indexOf(marker); at >= 0; at = environment.indexOf(marker, at + 1)) {
    const before = at === 0 ? 0 : environment[at - 1];
    const after = environment[at + marker.length] ?? 0;
    if (before === 0 && after === 0) return true;
  }
  return false;
}
