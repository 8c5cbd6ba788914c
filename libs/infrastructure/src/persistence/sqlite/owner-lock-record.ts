import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Who owns a file of tasks, as it says itself beside the file. */
export interface OwnerRecord {
  readonly pid: number;
  readonly hostName: string;
  /** ISO 8601. */
  readonly since: string;
  /** Where its HTTP API answers; empty while it starts. */
  readonly urls: readonly string[];
  /** The Unix socket of the same API, or null. */
  readonly socketPath: string | null;
}

const OWNER_ONLY = 0o600;

/** Where the owner of a database says who it is. */
export function recordPath(databasePath: string): string {
  return `${databasePath}.owner.json`;
}

/** Whoever reads it sees the old record or the new one, never half of it. */
export function writeRecord(databasePath: string, record: OwnerRecord): void {
  const unfinished = `${recordPath(databasePath)}.new`;
  rmSync(unfinished, { force: true });
  writeFileSync(unfinished, `${JSON.stringify(record, null, 2)}\n`, { mode: OWNER_ONLY, flag: 'wx' });
  renameSync(unfinished, recordPath(databasePath));
}

/** The record beside a database, of a live owner or of one that was killed; null when there is none to be read. */
export function readRecord(databasePath: string): OwnerRecord | null {
  try {
    const record: unknown = JSON.parse(readFileSync(recordPath(databasePath), 'utf8'));
    return isRecord(record) ? record : null;
  } catch {
    return null;
  }
}

/** Whether the process that wrote it may still run: of another host nobody here can tell. */
export function mayBeAlive({ pid, hostName }: OwnerRecord): boolean {
  if (hostName !== hostname()) return true;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function isRecord(value: unknown): value is OwnerRecord {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, hostName, since, urls, socketPath } = value as Partial<Record<keyof OwnerRecord, unknown>>;
  return (
    Number.isSafeInteger(pid) &&
    typeof hostName === 'string' &&
    typeof since === 'string' &&
    Array.isArray(urls) &&
    (typeof socketPath === 'string' || socketPath === null)
  );
}
