import { describeDatabase, parseDatabaseUrl, withoutPassword } from './database-url';

describe('parseDatabaseUrl', () => {
  it('takes three slashes as a path relative to the working directory', () => {
    expect(parseDatabaseUrl('sqlite:///data/tasks.db', '/srv/app')).toEqual({
      kind: 'sqlite',
      path: '/srv/app/data/tasks.db',
    });
  });

  it('takes four slashes as an absolute path', () => {
    expect(parseDatabaseUrl('sqlite:////var/lib/tasks.db', '/srv/app')).toEqual({
      kind: 'sqlite',
      path: '/var/lib/tasks.db',
    });
  });

  it('takes the path as it is written', () => {
    expect(parseDatabaseUrl('sqlite:///my data/100%25 é.db', '/srv')).toMatchObject({
      path: '/srv/my data/100%25 é.db',
    });
  });

  it.each(['postgres://app:pw@db.example:5432/tasks?sslmode=require', 'postgresql:///tasks'])(
    'takes %s',
    (url) => {
      expect(parseDatabaseUrl(url, '/srv')).toEqual({ kind: 'postgres', url });
    },
  );

  it.each([
    '',
    'tasks.db',
    'sqlite:tasks.db',
    'sqlite://data/tasks.db',
    'sqlite:///',
    'sqlite:///data/',
    'sqlite:///tasks.db?mode=ro',
    'sqlite:///tasks\0.db',
    'SQLITE:///tasks.db',
    'sqlite::memory:',
    'mysql://db.example/tasks',
    'postgres:/db.example/tasks',
    'postgres://db.example:port/tasks',
  ])('refuses %j and tells what it takes', (url) => {
    expect(() => parseDatabaseUrl(url, '/srv')).toThrow(
      /sqlite:\/\/\/path .*sqlite:\/\/\/\/absolute.*postgres:\/\//,
    );
  });

  it('does not repeat a password when it refuses', () => {
    expect(() => parseDatabaseUrl('mysql://app:hunter2@db.example/tasks', '/srv')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });
});

describe('a database, as it is shown', () => {
  it.each([
    ['postgres://app:hunter2@db.example/tasks', 'postgres://***@db.example/tasks'],
    ['postgres://app:hunt/er@2@db.example/tasks', 'postgres://***@db.example/tasks'],
    [
      'postgres://db.example/tasks?user=app&password=hunter2&x=1',
      'postgres://db.example/tasks?user=app&password=***&x=1',
    ],
    ['postgres://db.example/tasks?sslpassword=hunter2', 'postgres://db.example/tasks?sslpassword=***'],
    ['app:hunter2@db.example', '***@db.example'],
    ['postgres://db.example/tasks', 'postgres://db.example/tasks'],
  ])('shows %s as %s', (url, shown) => {
    expect(withoutPassword(url)).toBe(shown);
  });

  it('is the path of a file, or the URL without its password', () => {
    expect(describeDatabase({ kind: 'sqlite', path: '/srv/a@b.db' })).toBe('/srv/a@b.db');
    expect(describeDatabase({ kind: 'postgres', url: 'postgres://u:p@h/d' })).toBe('postgres://***@h/d');
  });
});
