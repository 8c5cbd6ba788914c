import { escapeLiteral, type PoolClient, type QueryResultRow } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import { noteTransaction } from '../transaction-scope';
import { CHANNEL } from './instances/bulletin';
import { poolOf } from './pool/watched-pool';

/**
 * The one connection on which groups of commands run, taken from TypeORM's pool when it is first needed and again
 * after it broke. Statements are prepared under their name, once for each connection.
 */
export class PostgresConnection {
  private runner: QueryRunner | null = null;
  private client: PoolClient | null = null;

  constructor(private readonly source: DataSource) {}

  /** Begins a transaction, on a new connection when the old one is gone. */
  async begin(): Promise<void> {
    const kept = this.client;
    try {
      await (kept ?? (await this.connect())).query('BEGIN');
      noteTransaction(true);
    } catch (error) {
      await this.release();
      // Nothing had begun: a connection that broke while nobody used it is replaced, and nobody needs to know.
      if (kept === null) throw error;
      await this.begin();
    }
  }

  /** @param bulletin what other instances hear with the commit; null for nothing */
  async commit(bulletin: string | null): Promise<void> {
    const told = bulletin === null ? '' : `NOTIFY ${CHANNEL}, ${escapeLiteral(bulletin)};`;
    await this.connected().query(`${told}COMMIT`);
    noteTransaction(false);
  }

  /** Takes the transaction back; a connection on which that fails is given up. */
  async rollback(): Promise<void> {
    try {
      await this.client?.query('ROLLBACK');
    } catch {
      await this.release();
    } finally {
      noteTransaction(false);
    }
  }

  /** Runs a statement under its name. The same name stands for the same text always. */
  async query<Row extends QueryResultRow>(
    name: string,
    text: string,
    values: readonly unknown[],
  ): Promise<{ rows: Row[]; count: number }> {
    const { rows, rowCount } = await this.connected().query<Row>({ name, text, values: [...values] });
    return { rows, count: rowCount ?? 0 };
  }

  async release(): Promise<void> {
    const { runner } = this;
    this.runner = null;
    this.client = null;
    await runner?.release();
  }

  private async connect(): Promise<PoolClient> {
    this.runner = this.source.createQueryRunner();
    const client: unknown = await this.runner.connect();
    this.client = client as PoolClient;
    poolOf(this.source).keeps(this.client);
    return this.client;
  }

  private connected(): PoolClient {
    if (this.client === null) throw new Error('no transaction has begun');
    return this.client;
  }
}
