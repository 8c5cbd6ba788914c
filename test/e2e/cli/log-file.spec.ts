import { existsSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BuiltServer, scratchFolder } from '../../support/built-server';
import { eventually } from '../../support/eventually';

describe('LOG_FILE', () => {
  let folder: string;
  let server: BuiltServer;

  beforeEach(() => (folder = scratchFolder()));
  afterEach(async () => {
    await server.dispose();
    rmSync(folder, { recursive: true });
  });

  const log = (name = 'service.log'): string => readFileSync(join(folder, name), 'utf8');
  const ask = (id: string): Promise<Response> =>
    fetch(`${server.url}/api/v1/tasks`, {
      headers: { authorization: `Bearer ${server.key}`, 'x-request-id': id },
    });

  it('is opened anew at SIGHUP, when another program has moved it away', async () => {
    server = await BuiltServer.start({ LOG_FILE: 'service.log' }, folder);
    await ask('before');
    renameSync(join(folder, 'service.log'), join(folder, 'service.log.1'));
    server.signal('SIGHUP');
    await eventually(async () => (existsSync(join(folder, 'service.log')) ? true : null));
    await ask('after');
    await eventually(async () => (log().includes('"request_id":"after"') ? true : null));
    expect(log('service.log.1') + log()).toContain('"request_id":"before"');
    expect(log()).toContain('"reloaded":"LOG_FILE"');
    expect(statSync(join(folder, 'service.log')).mode & 0o777).toBe(0o600);
  });

  it('has every line when the service has stopped, each of them JSON', async () => {
    server = await BuiltServer.start({ LOG_FILE: 'service.log' }, folder);
    const ids = Array.from({ length: 60 }, (_, index) => `request-${index}`);
    for (const id of ids) await ask(id);
    await server.stop();
    const lines = log()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { request_id?: string });
    expect(lines.flatMap(({ request_id: id }) => (id === undefined ? [] : [id]))).toEqual(ids);
  });
});
