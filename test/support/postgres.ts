import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';

/** A real PostgreSQL of a test's own. */
export interface TestPostgres {
  /** Makes an empty database and returns its URL. */
  createDatabase(): Promise<string>;
  /** Stops the server as an administrator would: what runs on it is broken off. */
  halt(): Promise<void>;
  /** Stops the server at once, without a word to anybody: the next start has to recover. */
  crash(): Promise<void>;
  /** Starts it again, on the same port and data. */
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL 18, or 14 where the environment says so, on loopback, in a scratch folder. It ends with the test, also when the test crashes.
 * @param settings such as `-c`, `fsync=on`; by default nothing is flushed to disk
 * @throws when it cannot be started: a missing database fails the run
 */
export async function startPostgres(
  settings: readonly string[] = ['-c', 'fsync=off'],
): Promise<TestPostgres> {
  const server = spawn(process.execPath, [join(__dirname, 'postgres-server.mjs'), ...settings], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: server.stdout });
  const gone = exited(server);
  // Its end concerns whoever waits for an answer; nobody does when it is stopped.
  gone.catch(() => undefined);
  const answer = async (): Promise<string> => {
    const [line] = (await Promise.race([once(lines, 'line'), gone])) as [string];
    return line;
  };
  const obey = async (command: string): Promise<void> => {
    server.stdin.write(`${command}\n`);
    await answer();
  };
  const { url } = JSON.parse(await answer()) as { url: string };
  let databases = 0;
  return {
    createDatabase: async () => {
      databases += 1;
      const name = `test_${databases}`;
      await execute(url, `CREATE DATABASE ${name}`);
      return url.replace(/postgres$/, name);
    },
    halt: () => obey('halt'),
    crash: () => obey('crash'),
    resume: () => obey('resume'),
    stop: async () => {
      server.stdin.end();
      if (server.exitCode === null) await once(server, 'exit');
    },
  };
}

/** Runs SQL on a connection of its own. */
export async function execute(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function exited(server: ReturnType<typeof spawn>): Promise<never> {
  const [code] = (await once(server, 'exit')) as [number | null];
  throw new Error(`PostgreSQL could not be started (exit code ${String(code)})`);
}
