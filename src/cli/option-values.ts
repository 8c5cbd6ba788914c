import { isAbsolutePath } from '@task/domain';
import { InvalidArgumentError } from 'commander';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

/** The longest that a timer of Node takes, 24 days: a longer one would be over at once. */
export const MOST_SECONDS = 2_147_483;

/** A whole number within limits. */
export function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It takes a whole number from ${min} to ${max}.`);
  };
}

/** A whole number whose limits the service knows. */
export function wholeNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It takes a whole number.');
}

/** One more of an option that can be repeated. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** JSON, or the name of a file with JSON behind an @. */
export function jsonOrFile(text: string): unknown {
  try {
    return JSON.parse(text.startsWith('@') ? readFileSync(text.slice(1), 'utf8') : text) as unknown;
  } catch (error) {
    throw new InvalidArgumentError(`It takes JSON, or @ and a file with JSON: ${(error as Error).message}`);
  }
}

/** A directory as the service takes it: that of another machine as it is, another one from here. */
export function absoluteIn(cwd: string, directory: string): string {
  return isAbsolutePath(directory) ? directory : resolve(cwd, directory);
}
