import { setTimeout as pause } from 'node:timers/promises';
import {
  DatabaseHasOwner,
  LiveSettings,
  loadSettings,
  parseDatabaseUrl,
  type OpenLog,
} from '@task/infrastructure';
import { ServiceClient } from '../../client/service-client';
import type { ServicePlace } from '../../client/service-place';
import type { CommandContext } from '../context';
import { findService } from '../find-service';
import { ReloadSignal } from '../reload-signal';
import type { Service } from '../service';
import { StartFailure } from '../start-failure';

const PAUSE_MS = 100;
/** How long an owner that nobody can reach is waited for, ms: it may only just have begun. */
const PATIENCE_MS = 30_000;

/**
 * The service behind this process: the one that the environment names, the owner of the SQLite file, or, when the file
 * has none, this process itself. Whoever loses it asks again: then another of those who want it may have become the
 * owner, or this one does.
 */
export class Upstream {
  private current: ServiceClient | null = null;
  private finding: Promise<ServiceClient> | null = null;
  private own: Service | null = null;

  constructor(
    private readonly context: CommandContext,
    private readonly opened: OpenLog,
  ) {}

  /** A client of the service. @throws StartFailure, SettingsRefused when there cannot be one */
  client(): Promise<ServiceClient> {
    if (this.current !== null) return Promise.resolve(this.current);
    this.finding ??= this.find().finally(() => (this.finding = null));
    return this.finding;
  }

  /** This client leads nowhere any more. */
  lose(client: ServiceClient): void {
    client.close();
    if (this.current === client) this.current = null;
  }

  /** Ends what this process itself serves, when it does: running requests are answered. */
  async stop(): Promise<void> {
    this.current?.close();
    await this.own?.stop();
  }

  /** Removes, at once, what would tell others that this process serves. */
  leave(): void {
    this.own?.leave();
  }

  private async find(): Promise<ServiceClient> {
    const givesUpAt = performance.now() + PATIENCE_MS;
    for (;;) {
      try {
        const place = (await findService(this.context)) ?? (await this.becomeOwner());
        return (this.current = new ServiceClient(place));
      } catch (error) {
        // Somebody else was faster, and can be reached in a moment.
        if (!(error instanceof DatabaseHasOwner) || performance.now() > givesUpAt) throw error;
      }
      await pause(PAUSE_MS);
    }
  }

  /** @throws DatabaseHasOwner */
  private async becomeOwner(): Promise<ServicePlace> {
    const live = new LiveSettings(loadSettings(this.context));
    const settings = live.values;
    if (parseDatabaseUrl(settings.databaseUrl, this.context.cwd).kind !== 'sqlite') {
      throw new StartFailure('set TASK_ORCHESTRATOR_URL to the service that has this PostgreSQL database');
    }
    const { log, requests: requestLines } = this.opened;
    live.onChange(() => this.opened.setLevel(settings.logLevel));
    const onNewKey = (_secret: string, file: string): void =>
      log.info({ admin_key_file: file }, 'admin key made');
    const reload = new ReloadSignal(log);
    const { context } = this;
    // A bridge to a service that runs elsewhere never needs one of its own.
    const { Service } = await import('../service.js');
    const service = new Service({ live, log, requestLines, reload, context, onNewKey, isPrivate: true });
    const { socket, database } = await service.start();
    this.own = service;
    if (socket === null) throw new StartFailure(NO_SOCKET);
    log.info({ socket, database }, 'this process has the database now');
    return { kind: 'socket', path: socket };
  }
}

const NO_SOCKET =
  'no Unix socket is possible here: run task-orchestrator serve, and set TASK_ORCHESTRATOR_URL to its address';
