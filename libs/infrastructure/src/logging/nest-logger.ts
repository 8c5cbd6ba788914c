import type { LoggerService } from '@nestjs/common';
import type { Log } from './create-logger';
import { describeError } from './describe-error';
import { oneLine } from './logged-fields';

type Level = keyof Log;

/** What the framework tells about its own start is of interest to its developers only. */
const FRAMEWORK = new Set([
  'NestFactory',
  'NestApplication',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
]);

/** Lets the framework and everything that uses its `Logger` write into the one log. */
export class NestLogger implements LoggerService {
  constructor(private readonly target: Log) {}

  log(message: unknown, ...rest: readonly unknown[]): void {
    this.write(FRAMEWORK.has(contextOf(rest) ?? '') ? 'debug' : 'info', message, rest);
  }

  fatal(message: unknown, ...rest: readonly unknown[]): void {
    this.write('fatal', message, rest);
  }

  error(message: unknown, ...rest: readonly unknown[]): void {
    this.write('error', message, rest);
  }

  warn(message: unknown, ...rest: readonly unknown[]): void {
    this.write('warn', message, rest);
  }

  debug(message: unknown, ...rest: readonly unknown[]): void {
    this.write('debug', message, rest);
  }

  verbose(message: unknown, ...rest: readonly unknown[]): void {
    this.write('trace', message, rest);
  }

  private write(level: Level, message: unknown, rest: readonly unknown[]): void {
    const context = contextOf(rest);
    const err = [message, ...rest].find(isError) ?? stackIn(rest);
    const fields = { ...(isFields(message) && message), ...(err !== undefined && { err }), context };
    this.target[level](fields, textOf(message, err));
  }
}

/** The framework puts the name of the class that logs last. */
function contextOf(rest: readonly unknown[]): string | undefined {
  const last = rest.at(-1);
  return typeof last === 'string' && !last.includes('\n') ? last : undefined;
}

/** A stack that was given as text. */
function stackIn(rest: readonly unknown[]): { readonly stack: string } | undefined {
  const stack = rest.find((item) => typeof item === 'string' && /\n\s+at /.test(item));
  return typeof stack === 'string' ? { stack } : undefined;
}

function textOf(message: unknown, err: unknown): string {
  if (typeof message === 'string') return oneLine(message);
  const told = isFields(message) ? (message.message ?? message.event) : undefined;
  if (typeof told === 'string') return oneLine(told);
  return err === undefined ? '' : describeError(err).message;
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !isError(value);
}

/** By its looks: an error of another realm is no instance of ours. */
function isError(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'message' in value && 'stack' in value;
}
