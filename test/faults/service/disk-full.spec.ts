import { BuiltServer, runToEnd } from '../../support/built-server';
import type { Observed } from '../../support/checking/observed';
import { eventually } from '../../support/eventually';
import { itNeeding } from '../../support/it-needing';
import { linesOf } from './lines-of';
import { IS_FULL, Load, SEED, UNLIMITED } from './load';
import { LoopDisk, missingMounts } from './loop-disk';

const ROUNDS = IS_FULL ? 5 : 1;
const ROOM = 2 * 2 ** 20;
const PROMPT = 8_000;

describe(`a service whose disk gets full (TEST_SEED=${SEED})`, () => {
  const load = new Load(PROMPT);
  let disk: LoopDisk | undefined;
  let server: BuiltServer | undefined;

  afterEach(async () => {
    await load.end(true);
    await server?.dispose();
    disk?.remove();
    [server, disk] = [undefined, undefined];
  });

  itNeeding(missingMounts())(
    'refuses what it cannot store and goes on reading, and goes on by itself when there is room',
    async () => {
      disk = LoopDisk.create(96);
      server = await BuiltServer.start(UNLIMITED, disk.folder);
      load.begin(server);
      for (let round = 0; round < ROUNDS; round += 1) {
        await load.reaches(100);
        disk.fill(ROOM);
        await expectFull(server);
        disk.free();
        await load.reaches(50);
      }
      await eventually(async () => ((await fetch(`${server?.url ?? ''}/health`)).ok ? true : null));
      await load.end();
      const observed: Observed = await load.drain(server);

      load.expectSound(observed, 'disk full');
      expect(linesOf(server, 'writes fail')[0]).toMatchObject({
        reason: expect.stringContaining('SQLITE_FULL'),
      });
      expect(linesOf(server, 'writes go on again').length).toBeGreaterThanOrEqual(ROUNDS);
    },
  );

  itNeeding(missingMounts())('says so when it is full at the start, and starts when it is not', async () => {
    disk = LoopDisk.create(16);
    disk.fill(0);
    const { code, errors } = await runToEnd(disk.folder, ['serve']);
    disk.free();
    server = await BuiltServer.start({}, disk.folder);

    expect([code, errors]).toEqual([
      1,
      expect.stringMatching(/cannot use the database .*(no space left|disk is full)/),
    ]);
    expect((await server.request('/api/v1/tasks')).status).toBe(200);
  });

  async function expectFull(running: BuiltServer): Promise<void> {
    const { body } = await load.isTold(503);
    expect(body).toMatchObject({
      error: {
        code: 'SERVICE_UNAVAILABLE',
        message: 'The disk of the database is full',
        details: { retry_after_seconds: 5 },
      },
    });
    // The last bits of room are found by some, and then by nobody.
    const lane = await eventually(async () => laneOf(await fetch(`${running.url}/health`)));
    expect(lane).toMatchObject({ healthy: false, message: 'cannot write: the disk is full' });
    expect((await running.request('/api/v1/tasks')).status).toBe(200);
    expect((await fetch(`${running.url}/health/ready`)).status).toBe(200);
  }
});

/** What a service that is not well says about its lane; null from one that is. */
async function laneOf(health: Response): Promise<unknown> {
  const { components } = (await health.json()) as { components: Readonly<Record<string, unknown>> };
  return health.status === 503 ? components.lane : null;
}
