import { hostname } from 'node:os';
import { resolve } from 'node:path';

/** What whoever starts the worker decides, by environment variables. */
export interface Settings {
  /** Where the task manager is. */
  readonly url: string;
  /** An API key with the role worker; null for a service that asks for none. */
  readonly apiKey: string | null;
  /** The name under which it claims: each worker needs one of its own. */
  readonly workerId: string;
  /** Documents that are worked on at once. */
  readonly concurrency: number;
  /** Length of a lease: how long a task stays with a worker that has died. */
  readonly leaseSeconds: number;
  /** How long a claim waits for work. */
  readonly waitSeconds: number;
  /** How long running work may take to end after SIGTERM; what is left is given back. */
  readonly graceSeconds: number;
  /** The folder that documents have to be in, absolute; null for anywhere. */
  readonly root: string | null;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the settings. @throws Error that names a wrong one */
export function settingsFrom(env: Environment): Settings {
  const root = said(env, 'DOCUMENT_ROOT');
  return {
    url: (said(env, 'TASK_MANAGER_URL') ?? 'http://127.0.0.1:8084').replace(/\/+$/, ''),
    apiKey: said(env, 'TASK_MANAGER_API_KEY'),
    workerId: said(env, 'WORKER_ID') ?? `document-worker-${hostname()}-${process.pid}`,
    concurrency: whole(env, 'CONCURRENCY', 4, 1, 100),
    leaseSeconds: whole(env, 'LEASE_SECONDS', 60, 10, 86_400),
    waitSeconds: whole(env, 'WAIT_SECONDS', 20, 0, 25),
    graceSeconds: whole(env, 'GRACE_SECONDS', 20, 0, 3_600),
    root: root === null ? null : resolve(root),
  };
}

/** An empty variable says nothing. */
function said(env: Environment, name: string): string | null {
  const text = env[name] ?? '';
  return text === '' ? null : text;
}

function whole(env: Environment, name: string, fallback: number, min: number, max: number): number {
  const text = said(env, name);
  if (text === null) return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new Error(`${name}: "${text}" is not allowed; it takes a whole number from ${min} to ${max}`);
}
