import { writeSync } from 'node:fs';
import pino from 'pino';
import type { Sink } from './log-destination';

/**
 * Lines of requests gather up to this many bytes, or this long: one call to the system then writes hundreds. All others
 * are on their way at once, and take those before them along.
 */
const GATHERED_BYTES = 8_192;
const GATHERED_MS = 200;
/** What cannot be written is kept up to this many bytes. */
const KEPT_BYTES = 1_048_576;
const OWNER_ONLY = 0o600;
const STANDARD_ERROR = 2;
/** Before an end, a reader that is behind gets so long to catch up. */
const LAST_WORDS_MS = 1_000;
const LOOK_AGAIN_MS = 10;

/** Writes to a file or a descriptor. */
type Writer = ReturnType<typeof pino.destination>;

/**
 * A file, or a descriptor, that may be full, broken or without a reader for a while: nothing of that ends or holds up
 * whoever writes. Lines are kept meanwhile, and lost beyond {@link KEPT_BYTES}; standard error is told once, and once
 * again when they are written.
 */
export class FileSink implements Sink {
  private readonly writer: Writer;
  /** Why nothing can be written; null while all is well. */
  private failure: NodeJS.ErrnoException | null = null;
  private isTold = false;
  private lost = 0;

  /** @param tell where it is said that lines are not written. @throws of a file that cannot be opened */
  constructor(
    to: string | number,
    private readonly tell: (text: string) => void = onStandardError,
  ) {
    this.writer = pino.destination({
      dest: to,
      mkdir: true,
      mode: OWNER_ONLY,
      sync: true,
      minLength: GATHERED_BYTES,
      maxLength: KEPT_BYTES,
      periodicFlush: GATHERED_MS,
      // It would sleep until a reader that is behind has caught up, and everybody with it.
      retryEAGAIN: () => false,
    });
    this.writer.on('error', (error: NodeJS.ErrnoException) => this.failed(error));
    this.writer.on('write', (bytes: number) => this.wrote(bytes));
    this.writer.on('drain', () => this.caughtUp());
    this.writer.on('drop', () => this.dropped());
  }

  write(line: string): void {
    this.writer.write(line);
  }

  flush(): void {
    this.writer.flush();
  }

  /** Tries for a short time only: an end cannot wait for a disk. */
  flushSync(): void {
    const end = performance.now() + LAST_WORDS_MS;
    this.flushKept();
    while (this.failure?.code === 'EAGAIN' && performance.now() < end) {
      Atomics.wait(NEVER, 0, 0, LOOK_AGAIN_MS);
      this.flushKept();
    }
    // With nothing left to be written; it would try that for ever.
    if (this.failure === null) this.writer.flushSync();
  }

  reopen(): void {
    try {
      this.writer.reopen();
    } catch (error) {
      // It would close the old file once more after the next time, by a number that is another's by then.
      this.writer.removeAllListeners('ready');
      throw error;
    }
  }

  /** The writer leaves less than what is gathered, where there was more. */
  private flushKept(): void {
    this.writer.flush();
    if (this.failure === null) this.writer.flush();
  }

  private failed(error: NodeJS.ErrnoException): void {
    // Whoever opens a file is told at once.
    if (error.syscall !== 'write') return;
    this.failure = error;
    if (error.code !== 'EAGAIN') this.tellFailure(error);
  }

  private dropped(): void {
    this.lost += 1;
    if (this.failure !== null) this.tellFailure(this.failure);
  }

  private tellFailure({ code, message }: NodeJS.ErrnoException): void {
    // A reader that has gone away wants to know nothing.
    if (this.isTold || code === 'EPIPE') return;
    this.isTold = true;
    this.tell(`the log cannot be written (${message}): lines are kept up to 1 MiB, and lost beyond`);
  }

  private wrote(bytes: number): void {
    if (bytes > 0) this.failure = null;
  }

  private caughtUp(): void {
    if (!this.isTold || this.failure !== null) return;
    this.tell(`the log is written again; lines lost: ${this.lost}`);
    this.isTold = false;
    this.lost = 0;
  }
}

/** Something to wait for that does not come. */
const NEVER = new Int32Array(new SharedArrayBuffer(4));

/** It may lie on the same disk. */
function onStandardError(text: string): void {
  try {
    writeSync(STANDARD_ERROR, `task-orchestrator: ${text}\n`);
  } catch {
    // Then there is nobody left to be told.
  }
}
