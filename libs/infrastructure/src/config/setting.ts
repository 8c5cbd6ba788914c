import { bad, flag, good, oneOf, pattern, printable, wholeNumber, type Rule } from '@task/domain';
import { DATABASE_URLS_TAKEN, parseDatabaseUrl } from './database-url';

/** What a setting can hold; null where saying nothing means something of its own. */
export type SettingValue =
  string | number | boolean | readonly string[] | Readonly<Record<string, unknown>> | null;

/** One thing that the operator can set. */
export interface Setting<T extends SettingValue = SettingValue> {
  /** The environment variable. */
  readonly name: string;
  /** `section.key`, or a whole `section`, in the configuration file; null for what only the environment can say. */
  readonly place: string | null;
  /** Where the configuration tells it, when that is not its place in the file. */
  readonly field?: string;
  /** What holds when nobody says anything. */
  readonly fallback: T;
  readonly takes: Kind<T>;
  readonly about: string;
  /** Whether it can change while the service runs; what is not live needs a restart. */
  readonly isLive?: true;
  /** Never shown, logged or put into a message. */
  readonly isSecret?: true;
  /** Accepted, so that files written for the requirements' example start, and reported as being without effect. */
  readonly withoutEffect?: string;
}

/** How the values of a setting are read and checked. */
export interface Kind<T> {
  readonly rule: Rule;
  /** What is allowed, in words. */
  readonly allowed: string;
  /** Reads an environment variable. What cannot be read is left as text, which the rule then refuses. */
  readonly read: (text: string) => unknown;
  /** Never present: carries the type of the values. */
  readonly type?: T;
}

/** Puts a setting down; its fallback must be of the kind that it takes. */
export function setting<T extends SettingValue>(
  definition: Setting<T> & { readonly fallback: NoInfer<T> },
): Setting<T> {
  return definition;
}

/** A whole number within the limits of a rule, or of the given ones. */
export function whole(limits: { readonly min: number; readonly max: number } | Rule): Kind<number> {
  const rule = 'check' in limits ? limits : wholeNumber(limits);
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = rule.schema;
  return {
    rule,
    allowed: `a whole number from ${minimum} to ${maximum}`,
    read: (text) => (/^[+-]?\d{1,15}$/.test(text) ? Number(text) : text),
  };
}

/** A number with or without a fraction. */
export function decimal(min: number, max: number): Kind<number> {
  return {
    rule: {
      schema: { type: 'number', minimum: min, maximum: max },
      check: (value) =>
        typeof value === 'number' && value >= min && value <= max
          ? good()
          : bad('out_of_range', { min, max }),
    },
    allowed: `a number from ${min} to ${max}`,
    read: (text) => (/^[+-]?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : text),
  };
}

/** Yes or no. */
export function yesOrNo(): Kind<boolean> {
  const words: Readonly<Record<string, boolean>> = { true: true, false: false };
  return { rule: flag(), allowed: 'true or false', read: (text) => words[text.toLowerCase()] ?? text };
}

/** One of a few words. */
export function word<const W extends string>(words: readonly W[]): Kind<W> {
  return { rule: oneOf(words), allowed: `one of ${words.join(', ')}`, read: (text) => text };
}

/** One line of text. */
export function line(limits: { readonly min: number; readonly max: number }): Kind<string> {
  return {
    rule: printable(limits),
    allowed: `${limits.min} to ${limits.max} printable characters`,
    read: (text) => text,
  };
}

/** What can be sent in an Authorization header. */
export function bearerSecret(limits: { readonly min: number; readonly max: number }): Kind<string> {
  return {
    rule: pattern(/^[\x21-\x7e]+$/, limits),
    allowed: `${limits.min} to ${limits.max} characters of ASCII without blanks`,
    read: (text) => text,
  };
}

/** Where the tasks are. */
export function databaseUrl(): Kind<string> {
  return {
    rule: {
      schema: { type: 'string' },
      check: (value) => (isDatabaseUrl(value) ? good() : bad('bad_format')),
    },
    allowed: DATABASE_URLS_TAKEN,
    read: (text) => text,
  };
}

/** A table of its own; in the environment JSON. */
export function table(rule: Rule, allowed: string): Kind<Readonly<Record<string, unknown>>> {
  return { rule, allowed, read: parsed };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A setting for which saying nothing means something of its own. */
export function optional<T>(kind: Kind<T>): Kind<T | null> {
  return { rule: kind.rule, allowed: kind.allowed, read: kind.read };
}

function isDatabaseUrl(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  try {
    parseDatabaseUrl(value, '/');
    return true;
  } catch {
    return false;
  }
}
