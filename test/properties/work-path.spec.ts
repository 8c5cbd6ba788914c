import { isAbsolutePath, normalisePath, prefixBelow } from '@task/domain';
import fc from 'fast-check';

const parts = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('a', 'B', 'é', '项目') },
    fc.constantFrom('.', '..', '', '...', ' '),
  ),
  { maxLength: 8 },
);
const separators = fc.constantFrom('/', '//');
const posix = fc.tuple(parts, separators).map(([all, separator]) => `/${all.join(separator)}`);
const windows = fc
  .tuple(
    fc.constantFrom('c:\\', 'C:/', 'z:\\', '\\\\host\\share\\', '\\\\host/share/'),
    parts,
    fc.constantFrom('/', '\\'),
  )
  .map(([root, all, separator]) => root + all.join(separator));
const paths = fc.oneof(posix, windows);

describe('the one spelling of a path', () => {
  it('is its own', () => {
    fc.assert(
      fc.property(paths, (path) => {
        const normalised = normalisePath(path);
        expect(normalisePath(normalised)).toBe(normalised);
      }),
      { numRuns: 500 },
    );
  });

  it('is its own for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('/', '\\', '.', 'a', ':', 'C') }), (text) => {
        const normalised = normalisePath(text);
        expect(normalisePath(normalised)).toBe(normalised);
      }),
      { numRuns: 500 },
    );
  });

  it('is absolute, without repeated separators, dots or a separator at its end', () => {
    fc.assert(
      fc.property(paths, (path) => {
        const normalised = normalisePath(path);
        expect(isAbsolutePath(normalised)).toBe(true);
        const inner = normalised.replace(/^(?:\/|[A-Z]:\\|\\\\)/, '');
        const names = inner === '' ? [] : inner.split(normalised.startsWith('/') ? '/' : '\\');
        expect(names.filter((name) => ['', '.', '..'].includes(name))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('does not change by a separator more, or a detour', () => {
    fc.assert(
      fc.property(paths, (path) => {
        const separator = path.startsWith('/') ? '/' : '\\';
        const normalised = normalisePath(path);
        expect(normalisePath(`${path}${separator}`)).toBe(normalised);
        expect(normalisePath(`${path}${separator}.${separator}x${separator}..`)).toBe(normalised);
      }),
      { numRuns: 500 },
    );
  });

  it('of what is below a directory begins with the prefix of the directory', () => {
    fc.assert(
      fc.property(paths, fc.constantFrom('a', 'é', '...'), (path, name) => {
        const separator = path.startsWith('/') ? '/' : '\\';
        const below = normalisePath(`${path}${separator}${name}`);
        expect(below).toBe(prefixBelow(normalisePath(path)) + name);
      }),
      { numRuns: 500 },
    );
  });
});
