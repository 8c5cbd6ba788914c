import { groupConditions } from './claim-groups';

describe('groupConditions', () => {
  it('has none for a filter that takes any task', () => {
    expect(groupConditions({})).toEqual({ where: '', parameters: [] });
  });

  it('takes one directory', () => {
    expect(groupConditions({ directory: { path: '/srv/a', recursive: false } })).toEqual({
      where: 'd.path = ?',
      parameters: ['/srv/a'],
    });
  });

  it.each([
    ['/srv/a', '/srv/a/', '/srv/a0'],
    ['/', '/', '0'],
    ['C:\\work', 'C:\\work\\', 'C:\\work]'],
    ['C:\\', 'C:\\', 'C:]'],
    ['\\\\host\\share', '\\\\host\\share\\', '\\\\host\\share]'],
  ])('takes %s with what is below it, as a range of paths', (path, from, to) => {
    const { where, parameters } = groupConditions({ directory: { path, recursive: true } });
    expect(where).toBe('(d.path = ? OR (d.path >= ? AND d.path < ?))');
    expect(parameters).toEqual([path, from, to]);
  });

  it.each(['/srv/a/b', '/srv/a/~', '/srv/a/\u{10ffff}', '/srv/a/-', '/srv/a/b/c'])(
    'finds %s below /srv/a',
    (below) => {
      const { parameters } = groupConditions({ directory: { path: '/srv/a', recursive: true } });
      const [, from = '', to = ''] = parameters.map((path) => Buffer.from(path));
      expect(Buffer.compare(Buffer.from(below), Buffer.from(from))).toBeGreaterThanOrEqual(0);
      expect(Buffer.compare(Buffer.from(below), Buffer.from(to))).toBeLessThan(0);
    },
  );

  it.each(['/srv/ab', '/srv/a-b', '/srv/a.b', '/srv', '/srv/a0'])(
    'does not find %s below /srv/a',
    (beside) => {
      const { parameters } = groupConditions({ directory: { path: '/srv/a', recursive: true } });
      const [, from = '', to = ''] = parameters.map((path) => Buffer.from(path));
      const isInside =
        Buffer.compare(Buffer.from(beside), Buffer.from(from)) >= 0 &&
        Buffer.compare(Buffer.from(beside), Buffer.from(to)) < 0;
      expect(isInside).toBe(false);
    },
  );

  it('joins all conditions, with a place for each value', () => {
    const { where, parameters } = groupConditions({
      directory: { path: '/srv/a', recursive: true },
      taskTypes: ['build', 'test'],
      kbId: 'kb-1',
    });
    expect(where).toBe(
      '(d.path = ? OR (d.path >= ? AND d.path < ?)) AND g.task_type IN (?, ?) AND g.kb_id = ?',
    );
    expect(parameters).toEqual(['/srv/a', '/srv/a/', '/srv/a0', 'build', 'test', 'kb-1']);
  });

  it('writes no value into the statement', () => {
    const { where } = groupConditions({
      directory: { path: "/it's", recursive: false },
      taskTypes: ["'; DROP TABLE tasks"],
      kbId: '%',
    });
    expect(where).not.toMatch(/['%;]/);
  });
});
