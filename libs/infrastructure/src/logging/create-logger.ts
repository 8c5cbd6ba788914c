import pino, { type DestinationStream, type Logger, type LoggerOptions as PinoOptions } from 'pino';
import { loadLater } from '../system/load-later';
import { describeError } from './describe-error';
import { FileSink } from './file-sink';
import { atOnce, sinkOf } from './log-destination';
import { pickLogged, pickLoggedOfRequest } from './logged-fields';

/** Where the log goes, and how it looks. */
export interface LoggerOptions {
  readonly level: string;
  readonly format: 'json' | 'pretty';
  /** Appended to; null for a descriptor. */
  readonly file: string | null;
  /** Standard output, unless it is another. */
  readonly descriptor?: number;
  /** Takes the place of the descriptor. */
  readonly out?: NodeJS.WritableStream;
  /** Whether a terminal shows it. */
  readonly isTerminal?: boolean;
  /** Is told that lines cannot be written, and that they are again; standard error, unless it is another. */
  readonly tell?: (text: string) => void;
}

const STANDARD_OUTPUT = 1;

/** The one log of the process. */
export type Log = Pick<Logger, 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'>;

/** How loud a request is logged. */
type RequestLevel = 'debug' | 'info' | 'warn';

/** The log as its owner has it. */
export interface OpenLog {
  readonly log: Log;
  /** Lines of requests: cheap, since many are written at once. */
  readonly requests: RequestLog;
  /** Says from now on what is of this level or above. */
  setLevel(level: string): void;
  /** Opens the file again, after another program has moved it away. */
  reopen(): void;
  /** Writes what is gathered. To be called before the process ends. */
  flush(): void;
}

/** Writes a line for each request. */
export interface RequestLog {
  isWanted(level: RequestLevel): boolean;
  write(level: RequestLevel, fields: object): void;
}

/** Opens the log. */
export function openLog(options: LoggerOptions): OpenLog {
  const { file, out, descriptor = STANDARD_OUTPUT, tell } = options;
  const sink = file === null && out !== undefined ? sinkOf(out) : new FileSink(file ?? descriptor, tell);
  const log = pino(pinoOptions(options, pickLogged), shownOn(options, atOnce(sink)));
  const requests = pino(pinoOptions(options, pickLoggedOfRequest), shownOn(options, sink));
  return {
    log,
    requests: {
      isWanted: (level) => requests.isLevelEnabled(level),
      write: (level, fields) => requests[level](fields, 'request'),
    },
    setLevel: (level) => {
      log.level = level;
      requests.level = level;
    },
    reopen: () => sink.reopen(),
    flush: () => sink.flushSync(),
  };
}

/** Opens a log of which no more than its lines is needed. */
export function createLogger(options: LoggerOptions): Log {
  return openLog(options).log;
}

function pinoOptions(
  { level }: LoggerOptions,
  pick: (given: object) => Record<string, unknown>,
): PinoOptions {
  return {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: pick },
    serializers: { err: describeError },
  };
}

function shownOn(options: LoggerOptions, destination: DestinationStream): DestinationStream {
  if (options.format === 'json') return destination;
  const colorize = options.file === null && options.isTerminal === true;
  const { prettyFactory } = loadLater('pino-pretty') as typeof import('pino-pretty');
  const prettify = prettyFactory({ colorize, translateTime: 'SYS:HH:MM:ss.l' });
  return { write: (line) => destination.write(prettify(line)) };
}
