const WINDOWS_DRIVE = /^[A-Za-z]:[\\/]/;
const WINDOWS_SHARE = /^\\\\[^\\/]+[\\/][^\\/]+/;

/** Whether text is an absolute path, POSIX (`/srv/a`) or Windows (`C:\a`, `\\server\share`). */
export function isAbsolutePath(path: string): boolean {
  return path.startsWith('/') || WINDOWS_DRIVE.test(path) || WINDOWS_SHARE.test(path);
}

/**
 * The one spelling under which equal work directories meet: repeated and trailing separators gone, `.` and `..`
 * resolved as text (never through the disk, so links are not followed), Windows separators turned to `\` and the
 * drive letter to upper case. Letters keep their case. Source: behaviour.md 3.
 */
export function normalisePath(path: string): string {
  if (path.startsWith('/')) return `/${segments(path.split('/')).join('/')}`;
  const parts = path.split(/[\\/]/);
  if (WINDOWS_DRIVE.test(path)) {
    const [drive = '', ...rest] = parts;
    return `${drive.toUpperCase()}\\${segments(rest).join('\\')}`;
  }
  const [server = '', share = '', ...rest] = parts.filter((part) => part !== '');
  return ['\\\\' + server, share, ...segments(rest)].join('\\');
}

/** The text with which every normalised path below `directory` (itself normalised) begins. */
export function prefixBelow(directory: string): string {
  const separator = directory.startsWith('/') ? '/' : '\\';
  return directory.endsWith(separator) ? directory : directory + separator;
}

function segments(parts: readonly string[]): string[] {
  const kept: string[] = [];
  for (const part of parts) {
    if (part === '' || part === '.') continue;
    if (part === '..') kept.pop();
    else kept.push(part);
  }
  return kept;
}
