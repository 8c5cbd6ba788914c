import { isAbsolutePath, normalisePath, prefixBelow } from './work-path';

describe('normalisePath', () => {
  it.each([
    ['/', '/'],
    ['//', '/'],
    ['/srv/a', '/srv/a'],
    ['/srv/a/', '/srv/a'],
    ['//srv///a//', '/srv/a'],
    ['/srv/./a/.', '/srv/a'],
    ['/srv/b/../a', '/srv/a'],
    ['/srv/../../../a', '/a'],
    ['/srv/..', '/'],
    ['/Srv/A', '/Srv/A'],
    ['/srv/a b/项目', '/srv/a b/项目'],
    ['/srv/a\\b', '/srv/a\\b'],
    ['/srv/...', '/srv/...'],
    ['/srv/.git', '/srv/.git'],
    ['C:\\', 'C:\\'],
    ['c:/', 'C:\\'],
    ['c:/Work/x/', 'C:\\Work\\x'],
    ['C:\\work\\..\\other\\.\\', 'C:\\other'],
    ['C:\\..\\..', 'C:\\'],
    ['\\\\host\\share', '\\\\host\\share'],
    ['\\\\host/share/a/../b\\', '\\\\host\\share\\b'],
    ['\\\\host\\share\\..\\..', '\\\\host\\share'],
  ])('turns %s into %s', (path, normalised) => {
    expect(normalisePath(path)).toBe(normalised);
  });
});

describe('isAbsolutePath', () => {
  it.each(['/', '/a', 'C:\\', 'z:/a', '\\\\host\\share'])('takes %s', (path) => {
    expect(isAbsolutePath(path)).toBe(true);
  });

  it.each(['', 'a', './a', '../a', 'C:', 'C:a', '1:\\a', '\\a', '\\\\host', '\\\\host\\', ' /a'])(
    'refuses %j',
    (path) => {
      expect(isAbsolutePath(path)).toBe(false);
    },
  );
});

describe('prefixBelow', () => {
  it.each([
    ['/', '/'],
    ['/srv', '/srv/'],
    ['C:\\', 'C:\\'],
    ['C:\\work', 'C:\\work\\'],
    ['\\\\host\\share', '\\\\host\\share\\'],
  ])('of %s is %s', (directory, prefix) => {
    expect(prefixBelow(directory)).toBe(prefix);
  });
});
