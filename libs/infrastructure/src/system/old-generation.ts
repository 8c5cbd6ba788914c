import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';

const MIB = 1024 * 1024;
/** Of a semi-space: the young generation is two of them, and large objects that may be as much as one. */
const SEMI_SPACES = 3;
const SEMI_SPACE_FLAG = /--max[-_]semi[-_]space[-_]size[= ](\d+)/g;
const YOUNG_SPACES: ReadonlySet<string> = new Set(['new_space', 'new_large_object_space']);

/** What of the heap a process dies of: its old generation. */
export interface OldGeneration {
  readonly usedBytes: number;
  readonly limitBytes: number;
}

/**
 * Reads the old generation of this process. V8 tells the limit of the whole heap, in which room for the young generation
 * is included that the old one never gets: with a small heap the process would be out of memory far below that limit.
 * @param youngBytes the most that the young generation may take, from {@link youngLimitOf}
 */
export function readOldGeneration(youngBytes: number): OldGeneration {
  const { used_heap_size: usedBytes, heap_size_limit: limitBytes } = getHeapStatistics();
  return { usedBytes: usedBytes - youngInUse(), limitBytes: limitBytes - youngBytes };
}

/**
 * The most that the young generation may take, as far as the flags of the process tell: those of the launcher do. V8
 * rounds a semi-space up to a power of two.
 * @param flags as they were given, the last of two alike holds
 * @returns bytes; 0 without such a flag: V8 tells nobody what it has chosen itself
 */
export function youngLimitOf(flags: string): number {
  const mib = Number([...flags.matchAll(SEMI_SPACE_FLAG)].at(-1)?.[1] ?? 0);
  return mib === 0 ? 0 : SEMI_SPACES * 2 ** Math.ceil(Math.log2(mib)) * MIB;
}

/** The flags that this process was started with: what stands on its command line goes before what its environment says. */
export function flagsOfProcess(): string {
  return [process.env.NODE_OPTIONS ?? '', ...process.execArgv].join(' ');
}

function youngInUse(): number {
  const young = getHeapSpaceStatistics().filter(({ space_name: name }) => YOUNG_SPACES.has(name));
  return young.reduce((sum, { space_used_size: bytes }) => sum + bytes, 0);
}
