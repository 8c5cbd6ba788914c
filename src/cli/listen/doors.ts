import type { Log, OwnerLock, Settings } from '@task/infrastructure';
import { LocalDoor } from '../../http/shared/access/local-door';
import { createApiServer, listenOnTcp, type Api } from './api-server';
import { LocalSocket } from './local-socket';
import { RequestDrain } from './request-drain';

/** Where the API can be reached. */
export interface Addresses {
  /** Null where only the socket leads in. */
  readonly url: string | null;
  /** The path of the Unix socket, or null where there is none. */
  readonly socket: string | null;
}

/** The ways into the service: TCP for everybody, and a Unix socket for the operator of a SQLite file. */
export class Doors {
  private readonly requests = new RequestDrain();
  private readonly operators = new LocalDoor();
  private socket: LocalSocket | null = null;

  constructor(
    private readonly settings: Settings,
    private readonly log: Log,
    /** Whether the operator's own door is the only one. */
    private readonly isPrivate = false,
  ) {}

  /** Whether a request came in through the Unix socket. */
  readonly isLocalOperator = this.operators.isLocalOperator;

  /** The requests that have no answer yet: method and path. */
  get unanswered(): readonly string[] {
    return this.requests.unanswered;
  }

  /** Lets everybody in. @param lock the right to the SQLite file that is served, or null on another database */
  async open(api: Api, lock: OwnerLock | null): Promise<Addresses> {
    const requestTimeoutMs = this.settings.requestTimeoutSeconds * 1000;
    const url = this.isPrivate ? null : await this.openToAll(api, requestTimeoutMs);
    if (lock !== null) await this.openLocally(api, requestTimeoutMs, lock);
    const socket = this.socket?.path ?? null;
    lock?.announce(url === null ? [] : [url], socket);
    return { url, socket };
  }

  /** Answers what runs, and lets nobody in any more. */
  async close(): Promise<void> {
    await this.requests.drain();
    this.removeSocket();
  }

  /** Removes the socket, at once. */
  removeSocket(): void {
    this.socket?.remove();
  }

  private openToAll(api: Api, requestTimeoutMs: number): Promise<string> {
    const { serverHost, serverPort, maxConnections } = this.settings;
    const server = createApiServer(api, requestTimeoutMs);
    server.maxConnections = maxConnections;
    this.requests.watch(server);
    return listenOnTcp(server, serverHost, serverPort);
  }

  /** Not counted among the connections: the operator gets in, however many others are there. */
  private async openLocally(api: Api, requestTimeoutMs: number, lock: OwnerLock): Promise<void> {
    this.socket = LocalSocket.beside(lock.databasePath, lock.predecessor?.socketPath ?? null);
    if (this.socket === null) {
      this.log.warn('no Unix socket: this system has none, or takes no path as long as these');
      return;
    }
    const server = createApiServer(api, requestTimeoutMs);
    this.operators.watch(server);
    this.requests.watch(server);
    await this.socket.listen(server);
  }
}
