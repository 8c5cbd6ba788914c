import type { DynamicModule } from '@nestjs/common';
import type { RequestListener } from 'node:http';
import { dirname, join } from 'node:path';
import { ChangeConfiguration, FollowConfiguration, type StoreUnavailable } from '@task/application';
import {
  describeDatabase,
  HeapPace,
  migrateStore,
  NestLogger,
  openStore,
  OwnerLock,
  parseDatabaseUrl,
  V8Heap,
  type DatabaseUrl,
  type LiveSettings,
  type Log,
  type OpenStore,
} from '@task/infrastructure';
import { createApp } from '../http/create-app';
import { letHeapGrow } from '../heap-flags';
import { Lifecycle, type RequestLines, type ServiceCore } from '../http/service-core';
import { ensureAdminKey } from './admin-key';
import { Closers } from './closers';
import {
  composeCore,
  dependentsOf,
  httpSettingsOf,
  leaseKeeperOf,
  retentionKeeperOf,
  schedulerOf,
  storeOptionsOf,
} from './core';
import type { JsonExpressAdapter } from '../http/json-express-adapter';
import type { Api } from './listen/api-server';
import { Doors, type Addresses } from './listen/doors';
import { openExecutor } from './executor';
import { BrokenMessages } from '../http/shared/failures/broken-messages';
import { idleEndpointLimits } from './idle-endpoint-limits';
import { reachDatabase, reasonOf } from './reach-database';
import type { ReloadSignal } from './reload-signal';
import { packageVersion } from './version';
import type { ServiceExecutor } from '../worker/service-executor';
import type { CommandContext } from './context';

/** Of the time that a stop may take, what tasks that run get to come to an end by themselves. */
const FINISH_SHARE = 0.5;

/** What a service is made from. */
export interface ServiceOptions {
  readonly live: LiveSettings;
  readonly log: Log;
  /** Where requests are logged. */
  readonly requestLines: RequestLines;
  /** Reads files again when the operator says so. */
  readonly reload: ReloadSignal;
  /** What relative paths are relative to, and what commands see. */
  readonly context: CommandContext;
  /** Is told about a key that was made, to show it. */
  readonly onNewKey: (secret: string, file: string) => void;
  /** Whether only the Unix socket leads in; default false. */
  readonly isPrivate?: boolean;
  /** Modules with further routes, under the same guard, pipe and filter. */
  readonly extraImports?: readonly DynamicModule[];
}

/** Where a running service can be reached, and what it works on. */
export interface ServiceAddress extends Addresses {
  readonly database: string;
  /** The file with the admin key; null when there is none. */
  readonly adminKeyFile: string | null;
}

class DrainingLifecycle extends Lifecycle {
  private readonly stopping = new AbortController();
  readonly draining = this.stopping.signal;
  /** The schema is brought up to date before anything listens. */
  readonly isMigrating = false;

  get isDraining(): boolean {
    return this.draining.aborted;
  }

  drain(): void {
    this.stopping.abort();
  }
}

/** The whole service: its database, its doors, and how all of it ends. */
export class Service {
  private readonly lifecycle = new DrainingLifecycle();
  private readonly closers = new Closers();
  private readonly doors: Doors;
  private lock: OwnerLock | null = null;

  constructor(private readonly options: ServiceOptions) {
    this.doors = new Doors(options.live.values, options.log, options.reload, options.isPrivate);
  }

  /** Opens everything, in the order in which one thing needs the other. What fails closes what was opened. */
  async start(): Promise<ServiceAddress> {
    try {
      return await this.open();
    } catch (error) {
      await this.closers.close();
      throw error;
    }
  }

  /** The requests that have no answer yet. */
  get unanswered(): readonly string[] {
    return this.doors.unanswered;
  }

  /** Answers what runs, writes what was accepted, and lets go of everything. */
  async stop(): Promise<void> {
    this.lifecycle.drain();
    await this.closers.close();
  }

  /** Removes, at once, what would tell others that this process still serves. */
  leave(): void {
    this.doors.removeSocket();
    this.lock?.release();
  }

  private async open(): Promise<ServiceAddress> {
    const { live, log, context } = this.options;
    const settings = live.values;
    const database = await this.own(parseDatabaseUrl(settings.databaseUrl, context.cwd));
    const store = await this.openStore(database);
    const adminKeyFile = await this.findKey(store, database);
    const { executor, close } = await openExecutor({ settings, tasks: store.tasks, log, context });
    this.closers.add(close);
    const core = composeCore(store, live, this.lifecycle, executor);
    core.configuration.use(await store.settings.read());
    const api = await this.createApi(core);
    this.closers.add(() => this.doors.close());
    const addresses = await this.doors.open(api, this.lock);
    this.keepTasks(core);
    this.paceHeap(core);
    this.keepRetention(store, core);
    this.runTasks(core, executor);
    return { ...addresses, database: describeDatabase(database), adminKeyFile };
  }

  private async own(database: DatabaseUrl): Promise<DatabaseUrl> {
    if (database.kind === 'postgres') return database;
    const lock = await reachDatabase(database, () => OwnerLock.acquire(database.path));
    this.lock = lock;
    this.closers.add(() => lock.release());
    return { kind: 'sqlite', path: lock.databasePath };
  }

  private async openStore(database: DatabaseUrl): Promise<OpenStore> {
    const { live, log } = this.options;
    const storeOptions = storeOptionsOf(live.values, database);
    const store = await reachDatabase(database, async () => {
      const migrations = await migrateStore(storeOptions);
      if (migrations.length > 0) log.info({ migrations }, 'schema brought up to date');
      return openStore(storeOptions);
    });
    this.closers.add(() => store.close());
    const { pulse } = store.lane;
    pulse.onTrouble(() => tellTrouble(log, pulse.trouble));
    return store;
  }

  private async findKey(store: OpenStore, database: DatabaseUrl): Promise<string | null> {
    const { live, context, onNewKey } = this.options;
    if (live.values.apiSecretKey !== null) return null;
    const folder = database.kind === 'sqlite' ? dirname(database.path) : join(context.cwd, 'data');
    const { made, file } = await ensureAdminKey(store.keys, folder);
    if (made !== null && file !== null) onNewKey(made, file);
    return file;
  }

  /** Stopped before the doors close: a claim that waits would hold them open. */
  private keepTasks(core: ServiceCore): void {
    const keeper = leaseKeeperOf(core);
    this.closers.add(() => keeper.stop());
    this.closers.add(() => core.waiting.close());
    keeper.start();
    const dependents = dependentsOf(core);
    this.closers.add(() => dependents.stop());
    dependents.start();
    const scheduler = schedulerOf(core);
    this.closers.add(() => scheduler.stop());
    scheduler.start();
  }

  private keepRetention(store: OpenStore, core: ServiceCore): void {
    const keeper = retentionKeeperOf(store, core);
    this.closers.add(() => keeper.stop());
    keeper.start();
  }

  /** Stopped before everything else: what it works on has to be told to the store. */
  private runTasks(core: ServiceCore, executor: ServiceExecutor): void {
    const { live, log } = this.options;
    this.closers.add(() => executor.stop(live.values.shutdownGraceSeconds * 1000 * FINISH_SHARE));
    executor.start(core, (error) => log.error({ err: error }, 'the executor broke: it runs no more tasks'));
  }

  private paceHeap({ timers }: ServiceCore): void {
    const pace = new HeapPace(new V8Heap(), timers, letHeapGrow);
    this.closers.add(() => pace.stop());
    pace.start();
  }

  /** What other instances change in the same database holds here too. */
  private followConfiguration(change: ChangeConfiguration, { settingsStore, timers }: ServiceCore): void {
    const { log } = this.options;
    const follow = new FollowConfiguration(change, settingsStore, timers, ({ message }) =>
      log.warn(`settings of the database were not taken in: ${message}`),
    );
    this.closers.add(() => follow.stop());
    follow.start();
  }

  private async createApi(core: ServiceCore): Promise<Api> {
    const { live, log, requestLines } = this.options;
    const settings = httpSettingsOf(live.values, {
      version: packageVersion(),
      logger: new NestLogger(log),
      requestLines,
      isLocalOperator: this.doors.isLocalOperator,
    });
    const app = await createApp(core, settings, this.options.extraImports);
    this.closers.add(() => app.close());
    await app.init();
    const adapter = app.getHttpAdapter() as JsonExpressAdapter;
    for (const warning of idleEndpointLimits(settings.rateLimit.endpoints?.keys() ?? [], adapter.routes))
      log.warn(warning);
    if (this.lock === null) this.followConfiguration(app.get(ChangeConfiguration, { strict: false }), core);
    const broken = app.get(BrokenMessages);
    return {
      handle: adapter.getInstance<RequestListener>(),
      messageClasses: adapter.messageClasses,
      answerBroken: (error, under) => broken.answerTo(error, under),
    };
  }
}

/** Once when it begins and once when it is over, however many requests it meets. */
function tellTrouble(log: Log, trouble: StoreUnavailable | null): void {
  if (trouble === null) log.info('writes go on again');
  else log.error({ reason: reasonOf(trouble.cause ?? trouble) }, 'writes fail');
}
