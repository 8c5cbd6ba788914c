import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** What became of somebody who worked properly meanwhile. */
export interface GoodWork {
  readonly filed: number;
  /** What was wrong with an answer. */
  readonly complaints: readonly string[];
  readonly answers: number;
  readonly p99Ms: number;
  readonly worstMs: number;
}

/** Somebody who works properly, in a process of its own. */
export class GoodClient {
  private readonly child: ChildProcessByStdio<Writable, Readable, null>;
  private readonly told: Promise<string>;

  /** @param isAlone whether nobody else may touch the queue; where others may, a task can be gone before it is claimed */
  constructor(url: string, key: string, isAlone: boolean) {
    const program = join(__dirname, 'proper-work.mjs');
    this.child = spawn(process.execPath, [program, url, key, isAlone ? 'alone' : 'among others'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.told = text(this.child.stdout);
  }

  /** Lets it finish what it does. */
  async stop(): Promise<GoodWork> {
    this.child.stdin.end();
    return JSON.parse(await this.told) as GoodWork;
  }
}
