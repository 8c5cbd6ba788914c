import type { Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { EXIT } from './exit-codes';

/** Where a command shows its result. */
export interface Output {
  readonly isTerminal: boolean;
  readonly columns: number;
  line(text: string): void;
}

/** What a process writes to. */
interface Streams {
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** Where a terminal says that it has none. */
const DEFAULT_COLUMNS = 80;
/** How long a server that stops waits for somebody to take what it has written, ms. */
const LAST_WORDS_MS = 5_000;
/** A pipe says the one; a socket with something unread in it, as programs give it to their children, the other. */
const READER_GONE: readonly unknown[] = ['EPIPE', 'ECONNRESET'];

/** The standard output of a command that shows something: nobody reads on, as in `… | head -1`, is its end, and no failure. */
export function standardOutput(): Output {
  const { stdout, stderr } = process;
  stdout.on('error', (error: Error) => process.exit(codeAfter(error, EXIT.ok, stderr)));
  return outputOfChanges();
}

/** The standard output of a command that changes something: it goes on, whether somebody reads it or not. */
export function outputOfChanges(): Output {
  const { stdout } = process;
  return {
    isTerminal: stdout.isTTY,
    columns: stdout.columns || DEFAULT_COLUMNS,
    line: (text) => stdout.write(`${text}\n`),
  };
}

/** What a process writes to. Whoever reads it may go away: that ends nothing by itself. */
export class StandardStreams {
  private failure: Error | null = null;

  constructor(private readonly streams: Streams = process) {
    const { stdout, stderr } = streams;
    stdout.on('error', (error) => (this.failure ??= error));
    stderr.on('error', () => undefined);
  }

  /**
   * Waits until everything that a command has written was taken: the end of the process would cut it off.
   * @returns the exit code, which is no 0 when the output could not be written
   */
  async commandEnd(code: number): Promise<number> {
    const { stdout, stderr } = this.streams;
    await taken(stdout);
    const codeNow = codeAfter(this.failure, code, stderr);
    await taken(stderr);
    return codeNow;
  }

  /** The same for a server, which ends in time, whoever reads or does not. */
  async serverEnd(patienceMs = LAST_WORDS_MS): Promise<void> {
    const { stdout, stderr } = this.streams;
    const isOver = pause(patienceMs, undefined, { ref: false });
    await Promise.race([Promise.all([taken(stdout), taken(stderr)]), isOver]);
  }
}

/** Done when the system has all of it, or never will. */
function taken(stream: Writable): Promise<void> {
  // Listeners hear of what went wrong after that.
  return new Promise((resolve) => stream.write('', () => setImmediate(resolve)));
}

function codeAfter(error: NodeJS.ErrnoException | null, code: number, stderr: Writable): number {
  if (error === null || READER_GONE.includes(error.code)) return code;
  stderr.write(`task-orchestrator: the output could not be written: ${error.message}\n`);
  return code === EXIT.ok ? EXIT.failed : code;
}
