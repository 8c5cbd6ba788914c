import { spawnSync } from 'node:child_process';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../../support/built-server';

/** The clock on the wall of one process, which can be set while it runs. */
export class SetClock {
  private readonly file: string;

  /** @param folder that is there for as long as the process */
  constructor(folder: string) {
    this.file = join(folder, 'clock');
    this.set(0);
  }

  /** What a process needs to go by it. Its monotonic clock, and so its timers, stay those of the machine. */
  get env(): Environment {
    return {
      LD_PRELOAD: libraryPath() ?? '',
      FAKETIME_TIMESTAMP_FILE: this.file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    };
  }

  /** Puts it so many seconds before or behind the machine's. */
  set(seconds: number): void {
    // Whoever reads it sees the old time or the new one, never half of it.
    writeFileSync(`${this.file}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`);
    renameSync(`${this.file}.new`, this.file);
  }
}

/** Why no clock can be set here, or null. */
export function missingSetClock(): string | null {
  return libraryPath() === null ? 'there is no faketime' : null;
}

function libraryPath(): string | null {
  const { status, stdout } = spawnSync('faketime', ['-f', '+0', 'printenv', 'LD_PRELOAD'], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : null;
}
