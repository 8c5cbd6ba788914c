import { readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** Memory of a process now, MB; null where the system does not tell. */
export function memoryOf(pid) {
  const status = statusOf(pid);
  if (status === null) return null;
  return { rss_mb: numberIn(status, 'VmRSS') / 1024, rss_anon_mb: numberIn(status, 'RssAnon') / 1024 };
}

/** What the system tells of a process in `/proc/<pid>/status`; null where it does not. */
export function statusOf(pid) {
  return read(pid, 'status');
}

/** A number of such a text, in kilobytes where it is about memory; NaN when it has none of that name. */
export function numberIn(status, name) {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
}

/** Processor time that a process has used so far, ms; null where the system does not tell. */
export function cpuMsOf(pid) {
  const stat = read(pid, 'stat');
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

function read(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return null;
  }
}
