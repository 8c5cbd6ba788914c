import pino, { type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';
import { describeError } from './describe-error';
import { pickLogged } from './logged-fields';

/** Where the log goes, and how it looks. */
export interface LoggerOptions {
  readonly level: string;
  readonly format: 'json' | 'pretty';
  /** Appended to; null for standard output. */
  readonly file: string | null;
  /** Takes the place of standard output. */
  readonly out?: NodeJS.WritableStream;
  /** Whether a terminal shows it. */
  readonly isTerminal?: boolean;
}

/** The one log of the process. Its level can be set at any time. */
export type Log = Pick<Logger, 'level' | 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace'>;

const STANDARD_OUTPUT = 1;
const OWNER_ONLY = 0o600;

/** Opens the log. Written synchronously: the last line before an end is the one that is needed. */
export function createLogger(options: LoggerOptions): Log {
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }), log: pickLogged },
      serializers: { err: describeError },
    },
    options.format === 'pretty' ? prettyStream(options) : plainStream(options),
  );
}

function plainStream({ file, out }: LoggerOptions): DestinationStream {
  if (file === null && out !== undefined) return out;
  return pino.destination({ dest: file ?? STANDARD_OUTPUT, mkdir: true, mode: OWNER_ONLY, sync: true });
}

function prettyStream(options: LoggerOptions): DestinationStream {
  const colorize = options.file === null && options.isTerminal === true;
  return pretty({ destination: plainStream(options), sync: true, colorize, translateTime: 'SYS:HH:MM:ss.l' });
}
