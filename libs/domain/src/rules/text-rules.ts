import { isAbsolutePath } from '../task/work-path';
import { bad, good, type Fault, type Rule, type RuleSchema } from './rule';

/** Limits of a text, in characters (code points). */
export interface TextLimits {
  readonly min?: number;
  readonly max: number;
}

/** Text of so many characters, without NUL and lone surrogates, which no database keeps faithfully. */
export function text({ min = 0, max }: TextLimits): Rule {
  const schema: RuleSchema = { type: 'string', ...(min > 0 && { minLength: min }), maxLength: max };
  return { schema, check: (value) => textFaults(value, min, max) };
}

/** Control characters, line feeds among them, and the two separators that end a line as well. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** One line of text that can be shown: no control characters. */
export function printable(limits: TextLimits): Rule {
  const base = text(limits);
  return refine(base, (value) => (CONTROLS.test(value) ? bad('not_printable') : good()));
}

/** Text that matches a pattern, which `schema.pattern` tells. */
export function pattern(expression: RegExp, limits: TextLimits): Rule {
  const base = text(limits);
  const source = expression.source;
  return {
    ...refine(base, (value) => (expression.test(value) ? good() : bad('bad_format', { pattern: source }))),
    schema: { ...base.schema, pattern: source },
  };
}

/** One of the given words. */
export function oneOf(words: readonly string[]): Rule {
  const refusal = { allowed: words };
  return {
    schema: { type: 'string', enum: words },
    check: (value) =>
      typeof value === 'string' && words.includes(value) ? good() : bad('not_one_of', refusal),
  };
}

/** An absolute path, POSIX or Windows, on one line. */
export function absolutePath(limits: TextLimits): Rule {
  return refine(printable({ min: 1, ...limits }), (value) =>
    isAbsolutePath(value) ? good() : bad('not_absolute_path', { examples: ['/srv/project', 'C:\\project'] }),
  );
}

/** Extended (`2025-08-18T10:00:00Z`) and basic (`20250818T100000Z`), of a day, an hour, a minute or a second. */
const ISO_8601 = new RegExp(
  String.raw`^(?<year>\d{4})(?<dash>-?)(?<month>\d{2})\k<dash>(?<day>\d{2})` +
    String.raw`(?:[Tt](?<hour>\d{2})(?::?(?<minute>\d{2})(?::?(?<second>\d{2})(?:[.,](?<fraction>\d{1,9}))?)?)?` +
    String.raw`(?<offset>[Zz]|[+-]\d{2}(?::?\d{2})?)?)?$`,
);

/** A point in time in ISO 8601, to be read with {@link instantOf}. */
export function instant(): Rule {
  return {
    schema: { type: 'string', format: 'date-time' },
    check: (value) =>
      typeof value === 'string' && instantOf(value) !== null
        ? good()
        : bad('not_time', { format: 'ISO 8601', example: '2025-08-18T10:00:00Z' }),
  };
}

/**
 * The point in time that ISO 8601 text names, in epoch ms, or null when it names none. Without an offset it is UTC:
 * the server's own time zone must not change what a caller meant.
 */
export function instantOf(value: string): number | null {
  const parts = ISO_8601.exec(value)?.groups;
  if (parts === undefined) return null;
  const {
    year = '',
    month = '',
    day = '',
    hour = '00',
    minute = '00',
    second = '00',
    fraction = '0',
  } = parts;
  const offset = rfc3339Offset(parts.offset ?? 'Z');
  const epochMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction}${offset}`);
  return Number.isNaN(epochMs) || !isCalendarDay(Number(year), Number(month), Number(day)) ? null : epochMs;
}

/** `+0800` and `+08` are ISO 8601, but only `+08:00` is read by every engine. */
function rfc3339Offset(offset: string): string {
  if (offset.toUpperCase() === 'Z') return 'Z';
  return `${offset.slice(0, 3)}:${offset.slice(3).replace(':', '') || '00'}`;
}

/** Whether the date exists: `Date.parse` takes 30 February. */
function isCalendarDay(year: number, month: number, day: number): boolean {
  return month >= 1 && day >= 1 && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function refine(base: Rule, more: (value: string) => readonly Fault[]): Rule {
  return {
    schema: base.schema,
    check: (value) => {
      const faults = base.check(value);
      return faults.length > 0 || typeof value !== 'string' ? faults : more(value);
    },
  };
}

function textFaults(value: unknown, min: number, max: number): readonly Fault[] {
  if (typeof value !== 'string') return bad('not_text');
  if (!value.isWellFormed() || value.includes('\0')) return bad('malformed_text');
  if (value.length < min) return bad('too_short', { min_length: min, max_length: max });
  if (isLonger(value, max)) return bad('too_long', { min_length: min, max_length: max });
  return good();
}

function isLonger(value: string, max: number): boolean {
  if (value.length <= max) return false;
  // A character takes one or two units: only between the two does anybody have to count.
  return value.length > 2 * max || [...value].length > max;
}
