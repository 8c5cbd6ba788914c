import { readdirSync, readFileSync } from 'node:fs';

/**
 * The living processes that are in a group, or have an entry (`NAME=value`) in their environment, which is handed
 * down to every descendant, also to those that have left their group and session. Those that only wait to be reaped
 * do not live. Null where the system has no `/proc`.
 */
export function livingProcesses(group: number | null, entry: string): number[] | null {
  const ids = processIds();
  if (ids === null) return null;
  const marker = Buffer.from(entry);
  return ids.filter((pid) => belongs(pid, group, marker));
}

function processIds(): number[] | null {
  try {
    const ids = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? [Number(name)] : []));
    return ids.length > 0 ? ids : null;
  } catch {
    return null;
  }
}

function belongs(pid: number, group: number | null, marker: Buffer): boolean {
  try {
    // `pid (name) state parent group …`; the name may hold blanks and brackets.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state = '', , itsGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if ('ZX'.includes(state)) return false;
    return Number(itsGroup) === group || hasEntry(readFileSync(`/proc/${pid}/environ`), marker);
  } catch {
    // Ended meanwhile, or somebody else's.
    return false;
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
