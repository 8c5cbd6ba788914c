import type { DestinationStream } from 'pino';

/** What writes text to a file or a descriptor. */
export interface Sink extends DestinationStream {
  /** Writes what is gathered. */
  flush(): void;
  /** The same, and waits until it is on disk. */
  flushSync(): void;
  reopen(): void;
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
