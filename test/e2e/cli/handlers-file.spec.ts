import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuiltServer, runToEnd, scratchFolder } from '../../support/built-server';
import { eventually } from '../../support/eventually';

interface Told {
  readonly task_id: string;
  readonly status: string;
  readonly error: string | null;
  readonly result: unknown;
}

describe('HANDLERS_FILE', () => {
  let folder: string;

  beforeEach(() => {
    folder = scratchFolder();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (text: string): void => writeFileSync(join(folder, 'handlers.toml'), text);
  const env = { HANDLERS_FILE: 'handlers.toml' };

  it('stops the start with every mistake in it', async () => {
    write('[handlers.a]\nkind = "command"\n\n[handlers.b]\nkind = "http"\nurl = "nowhere"\n');
    const { code, errors } = await runToEnd(folder, ['serve'], env);

    expect(code).toBe(1);
    expect(errors).toContain(`HANDLERS_FILE ${join(folder, 'handlers.toml')} cannot be used`);
    expect(errors).toContain('handlers.a.command');
    expect(errors).toContain('handlers.b.url');
  });

  it('stops the start when it is not there', async () => {
    const { code, errors } = await runToEnd(folder, ['serve'], env);

    expect([code, errors]).toEqual([1, expect.stringContaining('cannot be read')]);
  });

  describe('with handlers', () => {
    let server: BuiltServer;

    beforeEach(async () => {
      mkdirSync(join(folder, 'repositories/a'), { recursive: true });
      writeFileSync(join(folder, 'own.sh'), '#!/bin/sh\npwd -P\n', { mode: 0o755 });
      write(
        [
          'roots = ["repositories"]',
          '[handlers.where]\nkind = "command"\ncommand = ["pwd", "-P"]',
          '[handlers.own]\nkind = "command"\ncommand = ["./own.sh"]',
          '[handlers.secret]\nkind = "command"\ncommand = ["env"]\nenv = ["ALLOWED"]',
          '[handlers.sleep]\nkind = "builtin"\nbuiltin = "sleep"',
        ].join('\n'),
      );
      server = await BuiltServer.start(
        { ...env, API_SECRET_KEY: 'a-very-secret-key', ALLOWED: 'yes', OTHER: 'no' },
        folder,
      );
    });
    afterEach(() => server.dispose());

    const ended = async (id: string): Promise<Told> =>
      eventually(async () => {
        const task = (await (await server.request(`/tasks/${id}`)).json()) as Told;
        return ['completed', 'failed'].includes(task.status) ? task : null;
      });
    const filed = async (path: string, json: object): Promise<string> => {
      const body = (await (await server.request(path, { json })).json()) as Partial<Told> & { data?: Told };
      return body.task_id ?? body.data?.task_id ?? '';
    };

    it('runs tasks of the dialect beside it in its own folder', async () => {
      const id = await filed('/tasks', { task_type: 'where', description: 'where are you' });

      expect(await ended(id)).toMatchObject({ status: 'completed', result: { output: `${folder}\n` } });
    });

    it('runs tasks of other dialects, in their directories below the roots', async () => {
      const work_directory = join(folder, 'repositories/a');
      const inside = await filed('/api/v1/tasks', { work_directory, prompt: 'go', task_type: 'where' });
      const own = await filed('/api/v1/tasks', { work_directory, prompt: 'go', task_type: 'own' });
      const outside = await filed('/api/v1/tasks', { work_directory: '/', prompt: 'go', task_type: 'where' });

      expect(await ended(inside)).toMatchObject({ result: { output: `${work_directory}\n` } });
      // Its program is beside the file, not in the directory of the task.
      expect(await ended(own)).toMatchObject({ result: { output: `${work_directory}\n` } });
      expect(await ended(outside)).toMatchObject({
        status: 'failed',
        error: '/ is not below a directory in which work is allowed',
      });
    });

    it('gives commands no secret, and of the environment what is allowed', async () => {
      const { result } = await ended(await filed('/tasks', { task_type: 'secret', description: 'tell me' }));

      expect(JSON.stringify(result)).toContain('ALLOWED=yes');
      expect(JSON.stringify(result)).not.toMatch(/a-very-secret-key|OTHER=/);
    });

    it('runs what the service brings along when it is asked so, and leaves the bare name to others', async () => {
      const echo = await filed('/tasks', { task_type: 'echo', description: 'hello', parameters: { a: 1 } });
      const bare = await filed('/api/v1/tasks', { work_directory: '/', prompt: 'hello', task_type: 'echo' });
      const health = await filed('/tasks', { task_type: 'health_check', description: 'are you well' });
      const sleep = await filed('/api/v1/tasks', {
        work_directory: '/',
        prompt: 'rest',
        task_type: 'sleep',
        payload: { seconds: 0 },
      });

      expect(await ended(echo)).toMatchObject({ result: { description: 'hello', parameters: { a: 1 } } });
      expect(await ended(health)).toMatchObject({ result: { healthy: true, database: 'connected' } });
      expect(await ended(sleep)).toMatchObject({ result: { slept_seconds: 0 } });
      expect(await (await server.request(`/tasks/${bare}`)).json()).toMatchObject({ status: 'created' });
    });
  });
});
