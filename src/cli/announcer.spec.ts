import { createLogger, type Log } from '@task/infrastructure';
import { PassThrough } from 'node:stream';
import { Announcer, type Audience, type Started } from './announcer';

const STARTED: Started = {
  version: '1.2.3',
  url: 'http://127.0.0.1:8080',
  taskManagerUrl: 'http://127.0.0.1:8084',
  docs: 'http://127.0.0.1:8080/docs',
  database: '/srv/data/tasks.db',
  socket: '/srv/data/tasks.db.sock',
  adminKeyFile: '/srv/data/admin.key',
  hasConfiguredKey: false,
  durationMs: 321,
};

describe('the announcement of the start', () => {
  let shown: string;
  let logged: string;
  let log: Log;
  let out: PassThrough;

  beforeEach(() => {
    shown = '';
    logged = '';
    out = new PassThrough().on('data', (chunk: Buffer) => (shown += chunk.toString()));
    const file = new PassThrough().on('data', (chunk: Buffer) => (logged += chunk.toString()));
    log = createLogger({ level: 'info', format: 'json', file: null, out: file });
  });

  const announcer = (audience: Audience): Announcer => new Announcer(log, audience, out);

  const toPeople: Audience = { format: 'pretty', file: null };
  const toMachines: Audience = { format: 'json', file: null };
  const toFile: Audience = { format: 'json', file: '/var/log/service.log' };

  it('shows people where the service, its documentation, its key and its data are', () => {
    announcer(toPeople).started(STARTED);

    for (const told of [
      STARTED.url,
      STARTED.taskManagerUrl,
      STARTED.docs,
      STARTED.adminKeyFile,
      STARTED.database,
      STARTED.socket,
      '321 ms',
    ]) {
      expect(shown).toContain(told);
    }
    expect(logged).toBe('');
  });

  it('gives machines one line of JSON', () => {
    announcer(toMachines).started(STARTED);

    expect(shown).toBe('');
    expect(JSON.parse(logged)).toMatchObject({
      msg: 'ready',
      url: STARTED.url,
      task_manager: STARTED.taskManagerUrl,
      docs: STARTED.docs,
      admin_key_file: STARTED.adminKeyFile,
      database: STARTED.database,
      socket: STARTED.socket,
      duration_ms: 321,
    });
  });

  it('does both when the log goes to a file', () => {
    announcer(toFile).started(STARTED);

    expect(shown).toContain(STARTED.url);
    expect(logged).toContain('"ready"');
  });

  it('leaves out what there is not', () => {
    const bare = { ...STARTED, docs: null, socket: null, adminKeyFile: null };
    announcer(toMachines).started(bare);
    announcer(toPeople).started(bare);
    announcer(toPeople).started({ ...bare, hasConfiguredKey: true });

    expect(Object.keys(JSON.parse(logged))).not.toEqual(expect.arrayContaining(['docs']));
    expect(shown).toContain('ENABLE_DOCS=false');
    expect(shown).toContain('made at an earlier start');
    expect(shown).toContain('API_SECRET_KEY, as it is set');
    expect(shown).not.toContain('local socket');
  });

  it.each([toPeople, toMachines, toFile])('shows a new key once, and never in the log (%j)', (audience) => {
    announcer(audience).newKey('to_new', '/srv/data/admin.key');

    expect(shown.split('to_new')).toHaveLength(2);
    expect(shown).toContain('/srv/data/admin.key');
    expect(logged).toBe('');
  });

  it('shows a new key to machines as JSON', () => {
    announcer(toMachines).newKey('to_new', '/srv/data/admin.key');

    expect(JSON.parse(shown)).toMatchObject({ admin_key: 'to_new', admin_key_file: '/srv/data/admin.key' });
  });
});
