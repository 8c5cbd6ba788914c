import type { Log, OwnerLock, Settings } from '@task/infrastructure';
import { TASK_MANAGER_PATH } from '../../http/shared/dialect-paths';
import { LocalDoor } from '../../http/shared/access/local-door';
import type { Server as TlsServer } from 'node:https';
import type { SecureContextOptions } from 'node:tls';
import type { ReloadSignal } from '../reload-signal';
import { createApiServer, createTlsApiServer, listenOnTcp, type Api } from './api-server';
import type { ApiServer } from './api-server-kind';
import { behindPath } from './behind-path';
import { readCertificate, type CertificateFiles } from './certificate';
import { LocalSocket } from './local-socket';
import { RequestDrain } from './request-drain';

/** Where the API can be reached. */
export interface Addresses {
  /** Null where only the socket leads in. */
  readonly url: string | null;
  /** Where the task manager alone can be reached, or null where it has no port of its own. */
  readonly taskManagerUrl: string | null;
  /** The path of the Unix socket, or null where there is none. */
  readonly socket: string | null;
}

/** The ways into the service: TCP for everybody, a port for the task manager alone, and a Unix socket for the operator of a SQLite file. */
export class Doors {
  private readonly requests = new RequestDrain();
  private readonly operators = new LocalDoor();
  private readonly secured: TlsServer[] = [];
  private socket: LocalSocket | null = null;

  constructor(
    private readonly settings: Settings,
    private readonly log: Log,
    private readonly reload: ReloadSignal,
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
    const { serverPort, taskManagerPort, requestTimeoutSeconds } = this.settings;
    const url = this.isPrivate ? null : await this.openOnTcp(api, serverPort, 'SERVER_PORT');
    const ofTaskManager = behindPath(TASK_MANAGER_PATH, api);
    const taskManagerUrl =
      this.isPrivate || taskManagerPort === 0
        ? null
        : await this.openOnTcp(ofTaskManager, taskManagerPort, 'TASK_MANAGER_PORT');
    if (lock !== null) await this.openLocally(api, requestTimeoutSeconds * 1000, lock);
    const socket = this.socket?.path ?? null;
    lock?.announce(
      [url, taskManagerUrl].filter((each) => each !== null),
      socket,
    );
    return { url, taskManagerUrl, socket };
  }

  private async openOnTcp(api: Api, port: number, setting: string): Promise<string> {
    const { serverHost, maxConnections, requestTimeoutSeconds } = this.settings;
    const server = this.createServer(api, requestTimeoutSeconds * 1000);
    server.maxConnections = maxConnections;
    this.requests.watch(server);
    return listenOnTcp(server, serverHost, port, setting);
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

  /** Speaks TLS where there is a certificate, which is read again when the operator says so. */
  private createServer(api: Api, requestTimeoutMs: number): ApiServer {
    const { tlsCertFile: certFile, tlsKeyFile: keyFile } = this.settings;
    if (certFile === null || keyFile === null) return createApiServer(api, requestTimeoutMs);
    const read = (): SecureContextOptions => this.read({ certFile, keyFile });
    const server = createTlsApiServer(api, requestTimeoutMs, read());
    if (this.secured.length === 0) this.reload.add('TLS_CERT_FILE', () => this.secure(read()));
    this.secured.push(server);
    return server;
  }

  private secure(context: SecureContextOptions): void {
    for (const server of this.secured) server.setSecureContext(context);
  }

  private read(files: CertificateFiles): SecureContextOptions {
    const { context, expires } = readCertificate(files);
    if (expires.getTime() < Date.now())
      this.log.warn(`TLS_CERT_FILE: the certificate is out of date since ${expires.toISOString()}`);
    return context;
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
