import { parse, TomlError } from 'smol-toml';
import type { SettingProblem } from './settings-refused';
import { SETTINGS } from './settings-table';

/** What a configuration file says, by `section.key`. */
export interface ConfigFile {
  readonly values: ReadonlyMap<string, unknown>;
  readonly problems: readonly SettingProblem[];
}

/** The keys that each section of the file takes. */
const SECTIONS = sections();
/** Sections that are one setting each. */
const WHOLE_SECTIONS = places().filter((place) => !place.includes('.'));

/** Reads the text of a configuration file. Values are left for the settings' own checks; names are checked here. */
export function parseConfigFile(path: string, text: string): ConfigFile {
  try {
    return sort(path, parse(text));
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Only the first line of its message: the others quote the file, which may hold the key.
    const [reason = ''] = error.message.split('\n');
    return {
      values: new Map(),
      problems: [problem(path, `line ${error.line}, column ${error.column}: ${reason}`)],
    };
  }
}

/** The complaint about a file that cannot be read. */
export function unreadableConfigFile(path: string, error: unknown): ConfigFile {
  const { message: reason = String(error) } = error as Partial<Error>;
  return { values: new Map(), problems: [problem(path, `cannot be read (${reason}); it takes a TOML file`)] };
}

function sort(path: string, document: Readonly<Record<string, unknown>>): ConfigFile {
  const values = new Map<string, unknown>();
  const problems: SettingProblem[] = [];
  for (const [section, content] of Object.entries(document)) {
    if (WHOLE_SECTIONS.includes(section)) {
      values.set(section, content);
      continue;
    }
    const keys = SECTIONS.get(section);
    if (keys === undefined || !isTable(content)) {
      problems.push(
        unknownName(path, section, `sections are ${[...SECTIONS.keys(), ...WHOLE_SECTIONS].join(', ')}`),
      );
      continue;
    }
    for (const [key, value] of Object.entries(content)) {
      if (keys.includes(key)) values.set(`${section}.${key}`, value);
      else problems.push(unknownName(path, `${section}.${key}`, `[${section}] takes ${keys.join(', ')}`));
    }
  }
  return { values, problems };
}

/** The value is not shown: behind a slip of the pen it may be the key. */
function unknownName(path: string, name: string, taken: string): SettingProblem {
  return { name, message: `${name} in ${path}: there is no such setting; ${taken}` };
}

function problem(path: string, complaint: string): SettingProblem {
  return { name: 'CONFIG_FILE', message: `CONFIG_FILE ${path}: ${complaint}` };
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function places(): readonly string[] {
  return Object.values(SETTINGS).flatMap(({ place }) => place ?? []);
}

function sections(): ReadonlyMap<string, readonly string[]> {
  const keyed = places()
    .filter((place) => place.includes('.'))
    .map((place) => place.split('.'));
  return new Map(
    [...Map.groupBy(keyed, ([section = '']) => section)].map(([section, its]) => [
      section,
      its.map(([, key = '']) => key),
    ]),
  );
}
