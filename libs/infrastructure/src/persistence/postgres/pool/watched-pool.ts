import { Buckets, QUICK_SECONDS } from '@task/application';
import { Pool, type PoolClient, type PoolConfig } from 'pg';
import type { DataSource } from 'typeorm';
import { BoundedClient } from './bounded-client';
import { isInTransaction, SecondConnection } from '../../transaction-scope';

type Taken = (
  error: Error | undefined,
  client: PoolClient | undefined,
  release: (error?: Error | boolean) => void,
) => void;

/** What is told of a pool. */
export interface PoolFigures {
  /** Connections that somebody has. */
  readonly active: number;
  /** Connections that nobody has. */
  readonly idle: number;
  /** Those who wait for a connection. */
  readonly waiting: number;
  /** Connections that somebody has for longer than any statement may take. */
  readonly leaked: number;
  /** How long they waited who got one, s. */
  readonly waitSeconds: Buckets;
}

/** Nothing of ours keeps a connection for so many times as long as a statement may take. */
const LEAKED_AFTER_STATEMENTS = 2;

/**
 * The pool of connections, which knows who waits how long and what never comes back, and gives nobody a second
 * connection in the middle of a transaction.
 */
export class WatchedPool extends Pool implements PoolFigures {
  readonly waitSeconds = new Buckets(QUICK_SECONDS);
  private readonly takenAt = new Map<PoolClient, number>();
  private readonly leakedAfterMs: number;

  constructor(config: PoolConfig = {}) {
    super({ ...config, Client: BoundedClient });
    this.leakedAfterMs = LEAKED_AFTER_STATEMENTS * (config.query_timeout ?? 0);
    this.on('acquire', (client) => this.takenAt.set(client, performance.now()));
    this.on('release', (_error, client) => this.takenAt.delete(client));
    this.on('remove', (client) => this.takenAt.delete(client));
  }

  get active(): number {
    return this.totalCount - this.idleCount;
  }

  get idle(): number {
    return this.idleCount;
  }

  get waiting(): number {
    return this.waitingCount;
  }

  get leaked(): number {
    const now = performance.now();
    return [...this.takenAt.values()].filter((since) => now - since > this.leakedAfterMs).length;
  }

  /** Somebody keeps this connection for good: it is not looked for any more. */
  keeps(client: PoolClient): void {
    this.takenAt.delete(client);
  }

  /** Opens as many connections as are kept in any case, as far as the database lets us. */
  async warm(): Promise<void> {
    const opened = Array.from({ length: this.options.min ?? 0 }, () => this.connect());
    for (const each of await Promise.allSettled(opened))
      if (each.status === 'fulfilled') each.value.release();
  }

  override connect(): Promise<PoolClient>;
  override connect(taken: Taken): void;
  override connect(taken?: Taken): Promise<PoolClient> | undefined {
    if (taken === undefined) return this.take();
    this.take().then(
      (client) => taken(undefined, client, (error) => client.release(error)),
      (error: unknown) => taken(error as Error, undefined, () => undefined),
    );
    return undefined;
  }

  private async take(): Promise<PoolClient> {
    if (isInTransaction()) throw new SecondConnection();
    const asked = performance.now();
    const client = await super.connect();
    this.waitSeconds.observe((performance.now() - asked) / 1000);
    return client;
  }
}

/** The pool behind a data source on PostgreSQL, which was made with it. */
export function poolOf(source: DataSource): WatchedPool {
  const { master } = source.driver as unknown as { readonly master?: unknown };
  if (!(master instanceof WatchedPool)) throw new Error('the data source has no pool of ours');
  return master;
}
