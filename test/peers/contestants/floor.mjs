import { join, resolve } from 'node:path';
import { ownVersionOf } from '../install.mjs';
import { freePort } from '../../support/loopback-port.mjs';
import { startServer, stopServer } from '../processes.mjs';
import { Connections } from '../wire.mjs';
import { textOf } from '../work.mjs';

const BATCH = 1000;

/** Bare `node:http`, better-sqlite3 and group commit. */
export async function open({ folder, database, atOnce }) {
  const port = await freePort();
  const options = JSON.stringify({ path: join(database, 'floor.db'), port });
  const server = await startServer(
    process.execPath,
    [resolve(import.meta.dirname, '../floor-server.mjs'), options],
    {
      cwd: folder,
      log: join(folder, 'floor.log'),
      isReady: async () => (await fetch(`http://127.0.0.1:${port}/ready`)).ok,
    },
  );
  const connections = await Connections.open(port, atOnce);
  const ask = (path, body) =>
    connections.ask('POST', path, '', body === undefined ? '' : JSON.stringify(body));
  const bodyOf = (number) => ({ text: textOf(number) });
  return {
    pid: server.pid,
    version: `better-sqlite3 ${ownVersionOf('better-sqlite3')}`,
    settings: 'bare node:http, SQLite, synchronous=FULL, group commit; no keys, leases, history or counters',
    file: (number) => ask('/tasks', bodyOf(number)),
    claim: () => ask('/claim'),
    complete: ({ seq }) => ask('/complete', { id: seq }),
    async seed(count) {
      for (let first = 0; first < count; first += BATCH) {
        const size = Math.min(BATCH, count - first);
        await ask(
          '/bulk',
          Array.from({ length: size }, (_, index) => bodyOf(first + index)),
        );
      }
    },
    async close() {
      connections.close();
      await stopServer(server);
    },
  };
}
