import { resolve } from 'node:path';

/** Which database holds the tasks. */
export type DatabaseUrl =
  | { readonly kind: 'sqlite'; /** Absolute. */ readonly path: string }
  | { readonly kind: 'postgres'; readonly url: string };

/** What {@link parseDatabaseUrl} takes, told to people. */
export const DATABASE_URLS_TAKEN =
  'sqlite:///path (relative to the working directory), sqlite:////absolute/path, postgres://… or postgresql://…';

const SQLITE = 'sqlite:///';
const POSTGRES = /^postgres(?:ql)?:\/\//;

/**
 * Reads a DATABASE_URL. The path of a file is taken as it is written: nothing in it is decoded.
 * @param cwd what a relative path is relative to, absolute
 * @throws Error that shows the URL without its password, and tells what is taken
 */
export function parseDatabaseUrl(text: string, cwd: string): DatabaseUrl {
  if (text.startsWith(SQLITE) && isFilePath(text.slice(SQLITE.length))) {
    return { kind: 'sqlite', path: resolve(cwd, text.slice(SQLITE.length)) };
  }
  if (POSTGRES.test(text) && URL.canParse(text)) return { kind: 'postgres', url: text };
  throw new Error(
    `"${withoutPassword(text)}" is no database that can be used; taken are ${DATABASE_URLS_TAKEN}`,
  );
}

/** The URL as it may be shown: the user's name and password, and a password among its parameters, are masked. */
export function withoutPassword(url: string): string {
  return url.replace(/^(.*?\/\/)?.*@/s, '$1***@').replace(/([?&]\w*password=)[^&]*/gi, '$1***');
}

/** The database as people know it: the path of a file, or the URL of a server without its password. */
export function describeDatabase(database: DatabaseUrl): string {
  return database.kind === 'sqlite' ? database.path : withoutPassword(database.url);
}

/** `?` would begin parameters, of which there are none: better refused than made part of a file's name. */
function isFilePath(path: string): boolean {
  return path !== '' && !/[/\\]$/.test(path) && !/[?\0]/.test(path);
}
