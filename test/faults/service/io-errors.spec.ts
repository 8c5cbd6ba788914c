import { BuiltServer } from '../../support/built-server';
import { itNeeding } from '../../support/it-needing';
import { BrokenCalls, missingStrace } from './broken-calls';
import { linesOf } from './lines-of';
import { IS_FULL, Load, SEED, UNLIMITED } from './load';

const ROUNDS = IS_FULL ? 5 : 1;
const BETWEEN = IS_FULL ? 300 : 100;

describe(`a disk that answers with errors (TEST_SEED=${SEED})`, () => {
  let load: Load;
  let server: BuiltServer;
  let broken: BrokenCalls | undefined;

  beforeEach(async () => {
    load = new Load();
    server = await BuiltServer.start(UNLIMITED);
    load.begin(server);
  });

  afterEach(async () => {
    await load.end(true);
    await broken?.end();
    await server.dispose();
  });

  /** @returns the operations that began after the first answer that told of it */
  async function breakAll(call: 'flush' | 'write'): Promise<number> {
    await load.reaches(BETWEEN);
    const path = `${server.line.database}-wal`;
    broken = await BrokenCalls.begin(server.pid, { call, path, how: 'error=EIO' });
    const { body } = await load.isTold(503);
    expect(body).toMatchObject({ error: { code: 'SERVICE_UNAVAILABLE' } });
    return load.log.length;
  }

  describe.each([
    ['flushed', 'flush'],
    ['written', 'write'],
  ] as const)('when nothing is %s any more', (what, call) => {
    itNeeding(missingStrace())(
      'acknowledges nothing, can be read, and goes on by itself afterwards',
      async () => {
        for (let round = 0; round < ROUNDS; round += 1) {
          const first = await breakAll(call);
          await load.isTold(503);
          expect((await server.request('/api/v1/tasks')).status).toBe(200);
          expect((await fetch(`${server.url}/health`)).status).toBe(503);
          await load.isTold(503);
          const meanwhile = load.log.slice(first).map(({ outcome }) => outcome.is);
          expect(meanwhile).not.toContain('ok');
          await broken?.end();
          await load.reaches(BETWEEN);
        }
        await load.end();
        load.expectSound(await load.drain(server), `EIO: nothing is ${what}`);
        expect(linesOf(server, 'writes fail')[0]).toMatchObject({
          reason: expect.stringContaining('SQLITE_IOERR'),
        });
        expect((await fetch(`${server.url}/health`)).status).toBe(200);
      },
    );

    itNeeding(missingStrace())('has what it acknowledged when it is killed meanwhile', async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        await breakAll(call);
        await load.isTold(503);
        await load.end(true);
        await server.kill('SIGKILL');
        await server.restart();
        load.begin(server);
        await load.reaches(BETWEEN);
      }
      await load.end();
      load.expectSound(await load.drain(server), `EIO: nothing is ${what}, killed`);
    });
  });
});
