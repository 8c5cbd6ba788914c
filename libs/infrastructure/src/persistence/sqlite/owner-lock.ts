import { existsSync, lstatSync, mkdirSync, readlinkSync, realpathSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { KernelLock } from '../../system/kernel-lock';
import { mayBeAlive, readRecord, recordPath, writeRecord, type OwnerRecord } from './owner-lock-record';

/** Another process has the database. */
export class DatabaseHasOwner extends Error {
  override readonly name = 'DatabaseHasOwner';

  constructor(
    readonly databasePath: string,
    readonly owner: OwnerRecord | null,
  ) {
    super(`${databasePath} is in use by ${describeOwner(owner)}; one process owns a file of tasks`);
  }
}

const OWNER_ONLY_FOLDER = 0o700;
const INTRODUCTION_TRIES = 20;
const INTRODUCTION_PAUSE_MS = 25;

/** The right to use a SQLite file, which one process has at a time: a {@link KernelLock} beside the database. */
export class OwnerLock {
  private constructor(
    /** The database itself: absolute, and no symbolic link. */
    readonly databasePath: string,
    private readonly kernelLock: KernelLock,
    /** What an owner that was killed has left; null after one that ended well. */
    readonly predecessor: OwnerRecord | null,
    private readonly since: string,
  ) {}

  /**
   * Makes the database's folder where it is missing, and becomes the owner.
   * @throws DatabaseHasOwner
   */
  static async acquire(path: string): Promise<OwnerLock> {
    const databasePath = realFile(path);
    const kernelLock = KernelLock.tryAcquire(`${databasePath}.lock`);
    if (kernelLock === null) throw new DatabaseHasOwner(databasePath, await introduced(databasePath));
    const lock = new OwnerLock(databasePath, kernelLock, readRecord(databasePath), new Date().toISOString());
    lock.announce([], null);
    return lock;
  }

  /** Tells everybody else where this process can be reached. */
  announce(urls: readonly string[], socketPath: string | null): void {
    const { since } = this;
    writeRecord(this.databasePath, { pid: process.pid, hostName: hostname(), since, urls, socketPath });
  }

  /** Lets the next process have the database. The lock's file stays: somebody may be waiting at it. */
  release(): void {
    if (!this.kernelLock.isHeld) return;
    rmSync(recordPath(this.databasePath), { force: true });
    this.kernelLock.release();
  }
}

/** Who says to own the database at this path, be it alive or killed; null when nobody does. Changes nothing. */
export function findOwner(path: string): OwnerRecord | null {
  return existsSync(dirname(path)) ? readRecord(realFile(path)) : null;
}

/** The file that a path leads to, which need not exist yet; two names of it must come to the same lock. */
function realFile(path: string): string {
  mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY_FOLDER });
  const inRealFolder = join(realpathSync(dirname(path)), basename(path));
  const isLink = lstatSync(inRealFolder, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  return isLink ? realFile(resolve(dirname(inRealFolder), readlinkSync(inRealFolder))) : inRealFolder;
}

/** The owner's record, once it is the owner's: one that just won the lock needs a moment to write it. */
async function introduced(databasePath: string): Promise<OwnerRecord | null> {
  for (let tries = 0; tries < INTRODUCTION_TRIES; tries += 1) {
    const record = readRecord(databasePath);
    if (record !== null && mayBeAlive(record)) return record;
    await pause(INTRODUCTION_PAUSE_MS);
  }
  return null;
}

function describeOwner(owner: OwnerRecord | null): string {
  if (owner === null) return 'another process';
  const where = owner.urls.length === 0 ? '' : `, ${owner.urls.join(', ')}`;
  return `process ${owner.pid} on ${owner.hostName}${where} (since ${owner.since})`;
}
