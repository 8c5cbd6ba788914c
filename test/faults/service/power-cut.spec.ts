import { BuiltServer } from '../../support/built-server';
import { check } from '../../support/checker';
import { itNeeding } from '../../support/it-needing';
import { BrokenCalls, missingStrace } from './broken-calls';
import { IS_FULL, Load, SEED, UNLIMITED } from './load';
import { LoopDisk, missingMounts } from './loop-disk';

const CUTS = IS_FULL ? 10 : 2;
const BETWEEN = IS_FULL ? 1_000 : 300;
const A_FEW = 200;
const ENV = { ...UNLIMITED, API_SECRET_KEY: 'a-key-that-outlives-the-disk-0123' } as const;

describe(`a machine that loses its power while the service works (TEST_SEED=${SEED})`, () => {
  let load: Load;
  let disks: [LoopDisk, ...LoopDisk[]];
  let servers: BuiltServer[];
  let broken: BrokenCalls | undefined;

  beforeEach(() => {
    load = new Load();
    disks = [LoopDisk.create(96)];
    servers = [];
    broken = undefined;
  });

  afterEach(async () => {
    await load.end(true);
    await broken?.end();
    for (const server of servers) await server.dispose();
    for (const disk of disks) disk.remove();
  });

  async function start(): Promise<BuiltServer> {
    const server = await BuiltServer.start(ENV, disks[0].folder);
    servers.push(server);
    return server;
  }

  async function startUnderLoad(): Promise<BuiltServer> {
    const server = await start();
    load.begin(server);
    await load.reaches(BETWEEN);
    return server;
  }

  /** Nothing that is not on the disk at this moment is there for the next server. */
  async function cutPower(server: BuiltServer): Promise<void> {
    server.signal('SIGSTOP');
    disks.unshift(disks[0].afterPowerCut());
    await load.end(true);
    await broken?.end();
    await server.kill('SIGKILL');
  }

  async function breakFlushes(server: BuiltServer, how: string): Promise<void> {
    broken = await BrokenCalls.begin(server.pid, { call: 'flush', path: `${server.line.database}-wal`, how });
  }

  itNeeding(missingMounts())('has everything that it has acknowledged', async () => {
    for (let cut = 1; cut <= CUTS; cut += 1) await cutPower(await startUnderLoad());
    load.expectSound(await load.drain(await start()), `${CUTS} power cuts`);
  });

  itNeeding(missingMounts(), missingStrace())(
    'has everything that it has acknowledged between flushes that failed',
    async () => {
      const server = await startUnderLoad();
      await breakFlushes(server, 'error=EIO:when=2+3');
      await load.isTold(503);
      await load.reaches(BETWEEN);
      await cutPower(server);
      load.expectSound(await load.drain(await start()), 'power cut between failed flushes');
    },
  );

  itNeeding(missingMounts(), missingStrace())(
    'loses what its disk says that it has flushed, and has not: the checker sees it',
    async () => {
      const server = await startUnderLoad();
      await breakFlushes(server, 'retval=0');
      // Not so many that the log is folded into the file, which would damage it.
      await load.reaches(A_FEW);
      await cutPower(server);
      const findings = check(load.log, await load.drain(await start()));
      expect(findings.filter(({ kind }) => kind === 'lost').length).toBeGreaterThan(0);
    },
  );
});
