import pino, { type DestinationStream } from 'pino';

/** What writes text to a file or a descriptor. */
export interface Sink extends DestinationStream {
  /** Writes what is gathered. */
  flush(): void;
  /** The same, and waits until it is on disk. */
  flushSync(): void;
  reopen(): void;
}

/**
 * Lines of requests gather up to this many bytes, or this long: one call to the system then writes hundreds. All others
 * are on their way at once, and take those before them along.
 */
const GATHERED_BYTES = 8_192;
const GATHERED_MS = 200;
const STANDARD_OUTPUT = 1;
const OWNER_ONLY = 0o600;

/** Opens a file for appending, or standard output. Nothing is written behind the back of whoever writes. */
export function openSink(file: string | null): Sink {
  return pino.destination({
    dest: file ?? STANDARD_OUTPUT,
    mkdir: true,
    mode: OWNER_ONLY,
    sync: true,
    minLength: GATHERED_BYTES,
    periodicFlush: GATHERED_MS,
  });
}

/** Whatever is written here is on its way when the call is over: the last line before an end is the one needed. */
export function atOnce(sink: Sink): DestinationStream {
  return {
    write: (line) => {
      sink.write(line);
      sink.flush();
    },
  };
}

/** A stream that a test or a bench gives in place of a file. */
export function sinkOf(out: NodeJS.WritableStream): Sink {
  return {
    write: (line) => void out.write(line),
    flush: () => undefined,
    flushSync: () => undefined,
    reopen: () => undefined,
  };
}
