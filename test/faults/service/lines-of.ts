import type { BuiltServer } from '../../support/built-server';

/** The lines of a service's log that say this. */
export function linesOf(server: BuiltServer, says: string): readonly unknown[] {
  const lines = server.logs().split('\n');
  return lines.filter((line) => line.endsWith(`"msg":"${says}"}`)).map((line): unknown => JSON.parse(line));
}
