import Sqlite from 'better-sqlite3';
import { BuiltServer, runToEnd } from '../../support/built-server';
import { IS_FULL, Load, SEED, UNLIMITED } from './load';

const ROUNDS = IS_FULL ? 10 : 1;
const BETWEEN = IS_FULL ? 300 : 100;

describe(`another process that wants the file of a service (TEST_SEED=${SEED})`, () => {
  let load: Load;
  let server: BuiltServer;

  beforeEach(async () => {
    load = new Load();
    server = await BuiltServer.start(UNLIMITED);
    load.begin(server);
    await load.reaches(BETWEEN);
  });
  afterEach(async () => {
    await load.end(true);
    await server.dispose();
  });

  it('holds writes up while it locks it, and nothing else: what was refused is told to come back', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const other = new Sqlite(server.line.database);
      other.exec('BEGIN IMMEDIATE');
      expect((await load.isTold(503)).body).toMatchObject({
        error: {
          message: 'The service is overloaded',
          details: { retry_after_seconds: 1 },
        },
      });
      expect((await server.request('/api/v1/tasks')).status).toBe(200);
      other.exec('ROLLBACK');
      other.close();
      await load.reaches(BETWEEN);
    }
    await load.end();
    load.expectSound(await load.drain(server), 'locked by another process');
  });

  it('gets nothing when it is a second service, not even while the first one stands still', async () => {
    const whileItWorks = await runToEnd(server.folder, ['serve']);
    server.signal('SIGSTOP');
    const whileItStands = await runToEnd(server.folder, ['serve']);
    server.signal('SIGCONT');
    await load.reaches(BETWEEN);

    for (const { code, errors } of [whileItWorks, whileItStands])
      expect([code, errors]).toEqual([1, expect.stringContaining(`is in use by process ${server.pid} on `)]);
    await load.end();
    load.expectSound(await load.drain(server), 'second service');
  });
});
