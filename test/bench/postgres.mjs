import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';

/** Enough for several instances, and for whoever looks on. */
const SETTINGS = ['-c', 'max_connections=300', '-c', 'shared_buffers=256MB', '-c', 'max_wal_size=4GB'];

/** A real PostgreSQL that flushes to disk, for as long as the bench runs. */
export class BenchPostgres {
  #server;
  #url;
  #databases = 0;

  static async start() {
    const postgres = new BenchPostgres();
    const script = join(import.meta.dirname, '../support/postgres-server.mjs');
    postgres.#server = spawn(process.execPath, [script, ...SETTINGS], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [line] = await once(createInterface({ input: postgres.#server.stdout }), 'line');
    postgres.#url = JSON.parse(line).url;
    return postgres;
  }

  /** Makes an empty database. @returns its URL */
  async createDatabase() {
    this.#databases += 1;
    const name = `bench_${this.#databases}`;
    await this.ask(this.#url, `CREATE DATABASE ${name}`);
    return this.#url.replace(/postgres$/, name);
  }

  async bytesOf(url) {
    const [{ bytes }] = await this.ask(url, 'SELECT pg_database_size(current_database()) AS bytes');
    return Number(bytes);
  }

  async ask(url, sql) {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async stop() {
    this.#server.stdin.end();
    await once(this.#server, 'exit');
  }
}
