import { Client } from 'pg';
import { CHANNEL } from './bulletin';

/** What a listener tells its owner. */
export interface ListenerEvents {
  /** Called for every bulletin, in the order of their commits. */
  readonly onBulletin: (bulletin: string) => void;
  /** Listens again; what was told since it did before was missed. */
  readonly onAgain: () => void;
  /** Other instances have come or gone. @param count those that listen now, this one included */
  readonly onInstances: (count: number, hasLostOne: boolean) => void;
}

/** By this name instances know each other's connections. */
const APPLICATION_NAME = 'task-orchestrator listener';
/** A connection over which nothing comes may be dead: it is asked now and then. */
const BEAT_MS = 5_000;
const ANSWER_MS = 5_000;
const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;

/**
 * Hears what other instances tell, on a connection of its own: one of the pool could be anybody's next. A connection
 * that is lost is made again, sooner at first and then every two seconds, for as long as it takes.
 */
export class PostgresListener {
  private client: Client | null = null;
  private timer: NodeJS.Timeout | null = null;
  private pids: ReadonlySet<number> = new Set();
  private failures = 0;
  private isHeard = false;
  private isClosed = false;

  constructor(
    private readonly url: string,
    private readonly events: ListenerEvents,
  ) {}

  /** Whether it hears what others tell. */
  get isListening(): boolean {
    return this.isHeard;
  }

  /** Listens, and comes back when it does; where that fails it is tried again behind the caller's back. */
  async start(): Promise<void> {
    await this.connect();
  }

  close(): void {
    this.isClosed = true;
    this.drop();
  }

  private async connect(): Promise<void> {
    const client = new Client({
      connectionString: this.url,
      keepAlive: true,
      connectionTimeoutMillis: ANSWER_MS,
      query_timeout: ANSWER_MS,
    });
    this.client = client;
    client.on('error', () => this.lose(client));
    client.on('end', () => this.lose(client));
    client.on('notification', ({ payload = '' }) => this.events.onBulletin(payload));
    try {
      await client.connect();
      await client.query(`SET application_name = '${APPLICATION_NAME}'`);
      await client.query(`LISTEN ${CHANNEL}`);
      await this.look(client);
    } catch {
      this.lose(client);
      return;
    }
    if (this.client !== client) return;
    this.isHeard = true;
    if (this.failures > 0) this.events.onAgain();
    this.failures = 0;
    this.keepBeating(client);
  }

  private keepBeating(client: Client): void {
    this.timer = setTimeout(() => void this.beat(client), BEAT_MS).unref();
  }

  private async beat(client: Client): Promise<void> {
    try {
      await this.look(client);
      if (this.client === client) this.keepBeating(client);
    } catch {
      this.lose(client);
    }
  }

  /** Who else listens: asked of the server, so that nobody has to keep a list. */
  private async look(client: Client): Promise<void> {
    const { rows } = await client.query<{ pid: number }>(OTHERS, [APPLICATION_NAME]);
    const pids = new Set(rows.map(({ pid }) => pid));
    const hasLostOne = [...this.pids].some((pid) => !pids.has(pid));
    this.pids = pids;
    this.events.onInstances(Math.max(1, pids.size), hasLostOne);
  }

  private lose(client: Client): void {
    if (this.client !== client) return;
    this.drop();
    if (this.isClosed) return;
    const pauseMs = Math.min(SHORTEST_PAUSE_MS * 2 ** this.failures, LONGEST_PAUSE_MS);
    this.failures += 1;
    this.timer = setTimeout(() => void this.connect(), pauseMs * (0.5 + Math.random() / 2)).unref();
  }

  private drop(): void {
    const { client } = this;
    this.client = null;
    this.isHeard = false;
    if (this.timer !== null) clearTimeout(this.timer);
    // Whatever comes of a connection that is given up concerns nobody any more.
    client?.end().catch(() => undefined);
  }
}

const OTHERS =
  'SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()';
