import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { eventually } from './eventually';

/** A worker names its command in its own command line. */
const WORKER = 'bin/task-orchestrator.js';

/** The command lines of the living processes that have this text in theirs, workers aside. */
export async function processesWith(text: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)('ps', ['-eo', 'stat=,args='], { maxBuffer: 16 * 2 ** 20 });
  return stdout
    .split('\n')
    .filter((line) => line.includes(text) && !line.includes(WORKER) && !line.startsWith('Z'))
    .map((line) => line.trim());
}

/** Waits until so many processes have this text in their command lines. */
export async function untilProcesses(text: string, count: number): Promise<void> {
  let seen: readonly string[] = [];
  await eventually(
    async () => {
      seen = await processesWith(text);
      return seen.length === count ? true : null;
    },
    { timeoutMs: 20_000 },
  ).catch(() => {
    throw new Error(`not ${count} processes with ${text}, but:\n${seen.join('\n')}`);
  });
}

/**
 * A command that does not end, nor on SIGTERM: five processes of it, one in a session of its own, all with this text in
 * their command lines.
 */
export function stubborn(text: string): readonly string[] {
  const script = [
    `: ${text}`,
    'trap "" TERM',
    `sh -c 'trap "" TERM; while :; do sleep 600; done' ${text} &`,
    `setsid sh -c 'trap "" TERM; sleep 600; :' ${text} &`,
    `(trap "" TERM; exec sh -c 'sleep 600; :' ${text}) &`,
    `sh -c 'sleep 600; :' ${text} &`,
    'echo \'{"progress": 10, "message": "all are up"}\'',
    'while :; do wait; sleep 600; done',
  ].join('\n');
  return ['sh', '-c', script];
}

/** How many of them there are. */
export const STUBBORN_PROCESSES = 5;
