import { once } from 'node:events';
import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { launch, scratchFolder, type Launched } from '../../support/built-server';
import { eventually } from '../../support/eventually';
import { freePort } from '../../support/free-port';
import { itNeeding } from '../../support/it-needing';

const FULL = '/dev/full';
const missingFull = existsSync(FULL) ? null : `there is no ${FULL}`;
const UNLIMITED = { RATE_LIMIT_REQUESTS_PER_MINUTE: '0', RATE_LIMIT_BURST_SIZE: '0' };
/** Whose lines are more than is gathered before it is written. */
const REQUESTS = 80;

describe.each([
  ['LOG_FILE', { LOG_FILE: FULL }],
  ['standard output', {}],
])('a service with %s on a full disk', (_, env) => {
  const folder = scratchFolder();
  const full = missingFull === null ? openSync(FULL, 'w') : 1;
  let child: Launched | undefined;

  afterAll(async () => {
    if (missingFull === null) closeSync(full);
    if (child?.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true });
  });

  itNeeding(missingFull)('answers as always, says so once, and ends when it is told to', async () => {
    const port = await freePort();
    const server = launch(
      folder,
      ['serve'],
      { ...UNLIMITED, SERVER_PORT: String(port), ...env },
      'ignore',
      full,
    );
    child = server;
    let errors = '';
    server.stderr.on('data', (chunk) => (errors += String(chunk)));
    const ask = (): Promise<Response> => fetch(`http://127.0.0.1:${port}/api/v1/tasks`);

    await eventually(() => ask().catch(() => null));
    for (let asked = 0; asked < REQUESTS; asked += 1) expect((await ask()).status).toBe(401);
    server.kill('SIGTERM');
    const [code] = (await once(server, 'close')) as [number | null];

    expect(code).toBe(0);
    expect(errors.match(/the log cannot be written \(ENOSPC/g)).toHaveLength(1);
  });
});
