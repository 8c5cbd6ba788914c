import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { numberIn, statusOf } from '../bench/process-figures.mjs';

/** A server may read all that waits before it is ready. */
const READY_MS = 180_000;
const STOP_MS = 60_000;
const SAMPLE_MS = 100;

/** Starts a server, whose output goes nowhere or, with `log`, into a file that a failure to start quotes. */
export async function startServer(command, args, { env = {}, cwd, log, isReady }) {
  const output = openSync(log, 'w');
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: cwd, ...env },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const failed = new Promise((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${lastOf(log)}`)));
  });
  failed.catch(() => undefined);
  await Promise.race([until(isReady), failed]);
  return child;
}

function lastOf(log) {
  return readFileSync(log, 'utf8').trim().split('\n').slice(-3).join(' | ').slice(-500);
}

/** Asks again and again until the answer is yes. */
export async function until(isSo, timeoutMs = READY_MS) {
  for (const end = performance.now() + timeoutMs; ;) {
    if (await Promise.resolve(isSo()).catch(() => false)) return;
    if (performance.now() > end) throw new Error(`not ready within ${timeoutMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Stops a server as its operator would, and at last by force. */
export async function stopServer(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  child.kill('SIGTERM');
  await ended;
  clearTimeout(timer);
}

/** The most memory that a process and all below it were seen to have, since it was watched. */
export class FamilyMemory {
  #most = 0;
  #timer;

  constructor(pid) {
    this.pid = pid;
    this.#timer = setInterval(() => this.#look(), SAMPLE_MS);
    this.#look();
  }

  /** Bytes. */
  end() {
    clearInterval(this.#timer);
    this.#look();
    return this.#most;
  }

  #look() {
    this.#most = Math.max(this.#most, memoryOf(family(this.pid)));
  }
}

/** What several processes have together: their own memory, and once what they share of files and of shared memory. */
function memoryOf(pids) {
  const all = pids.map(statusOf).filter((status) => status !== null);
  const figures = (name) => all.map((status) => numberIn(status, name) || 0);
  const own = figures('RssAnon').reduce((sum, kilobytes) => sum + kilobytes, 0);
  return (own + Math.max(0, ...figures('RssFile')) + Math.max(0, ...figures('RssShmem'))) * 1024;
}

/** A process and all that it has started, directly or not. */
function family(pid) {
  const children = new Map();
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each))) {
    const parent = numberIn(statusOf(name) ?? '', 'PPid');
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = [pid];
  for (const each of found) found.push(...(children.get(each) ?? []));
  return found;
}

/** Bytes of all files in a folder. */
export function bytesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + sizeOf(join(parentPath, name)), 0);
}

function sizeOf(path) {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
