import { readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** Memory of a process now, MB; null where the system does not tell. */
export function memoryOf(pid) {
  const status = read(pid, 'status');
  if (status === null) return null;
  const megabytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]) / 1024;
  return { rss_mb: megabytes('VmRSS'), rss_anon_mb: megabytes('RssAnon') };
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
