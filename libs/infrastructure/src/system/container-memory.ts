import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MemoryReading } from '@task/application';

/** A version 1 group without a limit says a number near 2^63. */
const UNLIMITED = 2 ** 60;

/** The names of one version of control groups. */
interface Names {
  readonly limit: string;
  readonly used: string;
  /** What the system takes back from caches of files when memory becomes short. */
  readonly cached: readonly string[];
}

const VERSION_1: Names = {
  limit: 'memory.limit_in_bytes',
  used: 'memory.usage_in_bytes',
  cached: ['total_active_file', 'total_inactive_file'],
};
const VERSION_2: Names = {
  limit: 'memory.max',
  used: 'memory.current',
  cached: ['active_file', 'inactive_file'],
};

/** The memory that the process's control group may use: of a container, of a unit of systemd. */
export class ContainerMemory {
  private constructor(
    private readonly folder: string,
    private readonly names: Names,
  ) {}

  /** The nearest group that has a limit; null where there is none. @param root of the file system */
  static find(root = '/'): ContainerMemory | null {
    const text = textOf(join(root, 'proc/self/cgroup')) ?? '';
    const [, first] = /^\d+:(?:.+,)?memory(?:,.+)?:(.+)$/m.exec(text) ?? [];
    const [, second] = /^0::(.+)$/m.exec(text) ?? [];
    return (
      (first === undefined ? null : this.nearest(join(root, 'sys/fs/cgroup/memory'), first, VERSION_1)) ??
      (second === undefined ? null : this.nearest(join(root, 'sys/fs/cgroup'), second, VERSION_2))
    );
  }

  private static nearest(mount: string, path: string, names: Names): ContainerMemory | null {
    const groups = upwards(mount, path).map((folder) => new ContainerMemory(folder, names));
    return groups.find((group) => group.read() !== null) ?? null;
  }

  /** Null while there is no limit. */
  read(): MemoryReading | null {
    const { limit, used, cached } = this.names;
    const limitBytes = numberIn(textOf(join(this.folder, limit)));
    const usedBytes = numberIn(textOf(join(this.folder, used)));
    if (limitBytes === null || usedBytes === null || limitBytes >= UNLIMITED) return null;
    const statistics = textOf(join(this.folder, 'memory.stat')) ?? '';
    const cachedBytes = cached.reduce((sum, name) => sum + figureIn(statistics, name), 0);
    return { of: 'container', usedBytes: Math.max(0, usedBytes - cachedBytes), limitBytes };
  }
}

/** A container may see its own group as the root: whatever of the path is there, up to where groups are mounted. */
function upwards(mount: string, path: string): string[] {
  const folders: string[] = [];
  for (let folder = join(mount, path); folder.length >= mount.length; folder = dirname(folder))
    folders.push(folder);
  return folders;
}

function figureIn(statistics: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(statistics)?.[1] ?? 0);
}

/** Null for "max", and for what is not there. */
function numberIn(text: string | null): number | null {
  return text !== null && /^\d+\s*$/.test(text) ? Number(text) : null;
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
