import { once } from 'node:events';
import { chmodSync, lstatSync, mkdtempSync, rmdirSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { StartFailure } from '../start-failure';

/** Bytes of a path that fit into an address of the kernel. */
const MAX_PATH_BYTES = process.platform === 'linux' ? 107 : 103;
const OWNER_ONLY = 0o600;
const ALL_BUT_OWNER = 0o177;
const FOLDER_PREFIX = 'task-orchestrator-sock-';
const FOLDER_NAME = /^task-orchestrator-sock-[A-Za-z0-9]{6}$/;
const SOCKET_NAME = 'api.sock';

/** The operator's own door: a Unix socket beside the database, which the kernel opens to its owner only. */
export class LocalSocket {
  private constructor(
    readonly path: string,
    /** The folder that was made for the socket alone, or null where it stands beside the database. */
    private readonly folder: string | null,
  ) {}

  /**
   * Chooses the path. Only the owner of the database may do so: what is found there was left by an owner that is gone.
   * @param left the socket that a killed owner has told of
   * @returns null where no path is short enough, or the system has no such sockets
   */
  static beside(databasePath: string, left: string | null): LocalSocket | null {
    if (process.platform === 'win32') return null;
    if (left !== null) removeLeftover(left);
    const path = `${databasePath}.sock`;
    if (fits(path)) {
      removeSocket(path);
      return new LocalSocket(path, null);
    }
    if (!fits(join(tmpdir(), `${FOLDER_PREFIX}XXXXXX`, SOCKET_NAME))) return null;
    const folder = mkdtempSync(join(tmpdir(), FOLDER_PREFIX));
    return new LocalSocket(join(folder, SOCKET_NAME), folder);
  }

  /** Lets the server listen here. The socket is made within the call, so that it is never open to anybody else. */
  async listen(server: Server): Promise<void> {
    const before = process.umask(ALL_BUT_OWNER);
    try {
      server.listen({ path: this.path });
    } finally {
      process.umask(before);
    }
    await once(server, 'listening');
    chmodSync(this.path, OWNER_ONLY);
  }

  /** Removes what is left of it. A server that was closed has removed its socket already. */
  remove(): void {
    rmSync(this.path, { force: true });
    if (this.folder !== null) rmSync(this.folder, { recursive: true, force: true });
  }
}

function fits(path: string): boolean {
  return Buffer.byteLength(path) <= MAX_PATH_BYTES;
}

function removeSocket(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket())
    throw new StartFailure(`${path} is in the way: the service needs that name for its socket`);
  rmSync(path);
}

/** Touches nothing but a socket in a folder of our own making: the path comes from a file. */
function removeLeftover(path: string): void {
  const folder = dirname(path);
  const isOurs =
    dirname(folder) === tmpdir() && FOLDER_NAME.test(basename(folder)) && basename(path) === SOCKET_NAME;
  if (!isOurs || lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return;
  rmSync(path);
  rmdirSync(folder);
}
