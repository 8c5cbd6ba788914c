import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MEBI = 2 ** 20;

/** A small disk in a file, with a file system of its own. For root only. */
export class LoopDisk {
  private isMounted = false;

  private constructor(private readonly home: string) {}

  static create(megabytes: number): LoopDisk {
    const disk = new LoopDisk(mkdtempSync(join(tmpdir(), 'disk-')));
    run('truncate', ['-s', `${megabytes}M`, disk.image]);
    run('mkfs.ext4', ['-q', '-b', '4096', '-m', '0', disk.image]);
    disk.mount();
    return disk;
  }

  /** Where it is mounted. */
  get folder(): string {
    return join(this.home, 'mounted');
  }

  get freeBytes(): number {
    const { bavail, bsize } = statfsSync(this.folder);
    return bavail * bsize;
  }

  /** What a power cut at this moment would leave: nothing that was not flushed. */
  afterPowerCut(): LoopDisk {
    const copy = new LoopDisk(mkdtempSync(join(tmpdir(), 'disk-')));
    run('cp', ['--sparse=always', this.image, copy.image]);
    copy.mount();
    return copy;
  }

  /** Leaves so much room at most. */
  fill(leavingBytes: number): void {
    const size = this.freeBytes - leavingBytes;
    for (let part = 0; part * MEBI < size; part += 1) {
      const bytes = Buffer.alloc(Math.min(MEBI, size - part * MEBI), 1);
      if (!hasTaken(join(this.fillFolder(), `${part}`), bytes)) return;
    }
  }

  /** Takes away what {@link fill} has put there. */
  free(): void {
    rmSync(this.fillFolder(), { recursive: true });
  }

  /** Lets it be written, or only read. */
  remount(mode: 'ro' | 'rw'): void {
    run('mount', ['-o', `remount,${mode}`, this.folder]);
  }

  /** Takes over files, as they lie in a folder that nobody writes to. */
  adopt(folder: string): void {
    cpSync(folder, this.folder, { recursive: true });
  }

  /** Whoever uses it has to have ended. */
  remove(): void {
    if (this.isMounted && spawnSync('umount', [this.folder]).status !== 0) run('umount', ['-l', this.folder]);
    this.isMounted = false;
    rmSync(this.home, { recursive: true, force: true });
  }

  private get image(): string {
    return join(this.home, 'image');
  }

  private mount(): void {
    mkdirSync(this.folder);
    // What nobody flushes stays in memory for longer than any test lasts.
    run('mount', ['-o', 'loop,commit=300', this.image, this.folder]);
    this.isMounted = true;
  }

  private fillFolder(): string {
    const folder = join(this.folder, 'fill');
    mkdirSync(folder, { recursive: true });
    return folder;
  }
}

/** Why no disk in a file can be mounted here, or null. */
export function missingMounts(): string | null {
  try {
    LoopDisk.create(8).remove();
    return null;
  } catch (error) {
    return `no disk in a file can be mounted: ${String(error)}`;
  }
}

/** The file system needs some of the last room for itself. */
function hasTaken(path: string, bytes: Buffer): boolean {
  try {
    writeFileSync(path, bytes);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}

function run(command: string, args: readonly string[]): void {
  execFileSync(command, args, { stdio: 'pipe' });
}
