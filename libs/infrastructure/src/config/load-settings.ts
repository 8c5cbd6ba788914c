import type { Fault } from '@task/domain';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ConfigurationOrigin } from '@task/application';
import { parseConfigFile, unreadableConfigFile, type ConfigFile } from './config-file';
import { contradictions } from './contradictions';
import { withoutPassword } from './database-url';
import type { Setting } from './setting';
import { SettingsRefused, type SettingProblem } from './settings-refused';
import { SETTINGS, type SettingKey, type Settings } from './settings-table';

/** Where settings come from. */
export interface SettingSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What a relative path is relative to, absolute. */
  readonly cwd: string;
}

/** The settings, and what the operator should know about them. */
export interface LoadedSettings {
  readonly settings: Settings;
  readonly origins: SettingOrigins;
  /** Settings that were set and have no effect. */
  readonly warnings: readonly string[];
}

/** Where the value of each setting comes from. */
export type SettingOrigins = Readonly<Record<SettingKey, ConfigurationOrigin>>;

interface Said {
  readonly value: unknown;
  readonly origin: ConfigurationOrigin;
  readonly source: string;
}

/** Characters of a wrong value that are repeated. */
const MAX_SHOWN = 200;
const NO_FILE: ConfigFile = { values: new Map(), problems: [] };

/**
 * Puts the settings together: defaults, over them the file, over it the environment. An empty variable says nothing,
 * and variables that are no settings are none of our business.
 * @throws SettingsRefused that names everything that is wrong
 */
export function loadSettings({ env, cwd }: SettingSources): LoadedSettings {
  const path = env[SETTINGS.configFile.name] ?? '';
  const file = path === '' ? NO_FILE : readConfigFile(resolve(cwd, path));
  const problems = [...file.problems];
  const warnings: string[] = [];
  const origins: Partial<Record<SettingKey, ConfigurationOrigin>> = {};
  const entries = settingEntries().map(([key, setting]) => {
    const said = whatIsSaid(setting, env, file, path);
    origins[key] = said?.origin ?? 'default';
    if (said === undefined) return [key, setting.fallback];
    const [fault] = setting.takes.rule.check(said.value);
    if (fault !== undefined) problems.push(refusal(setting, said, fault));
    if (setting.withoutEffect !== undefined)
      warnings.push(`${setting.name} has no effect: ${setting.withoutEffect}`);
    return [key, said.value];
  });
  // Each value is the fallback or has passed the rule of its kind; those that have not are refused below.
  const settings = Object.fromEntries(entries) as Record<SettingKey, unknown> as Settings;
  if (problems.length === 0) problems.push(...contradictions(settings));
  if (problems.length > 0) throw new SettingsRefused(problems);
  return { settings, origins: origins as SettingOrigins, warnings };
}

/** Every setting with the name that the code gives to it. */
export function settingEntries(): readonly (readonly [SettingKey, Setting])[] {
  return Object.entries(SETTINGS) as unknown as readonly (readonly [SettingKey, Setting])[];
}

function readConfigFile(path: string): ConfigFile {
  try {
    return parseConfigFile(path, readFileSync(path, 'utf8'));
  } catch (error) {
    return unreadableConfigFile(path, error);
  }
}

function whatIsSaid(
  { name, place, takes }: Setting,
  env: SettingSources['env'],
  file: ConfigFile,
  path: string,
): Said | undefined {
  const text = env[name] ?? '';
  if (text !== '') return { value: takes.read(text), origin: 'environment', source: name };
  if (place === null || !file.values.has(place)) return undefined;
  return { value: file.values.get(place), origin: 'file', source: `${place} in ${path}` };
}

function refusal({ name, takes, isSecret }: Setting, { value, source }: Said, fault: Fault): SettingProblem {
  const shown = isSecret === true ? '***' : shownValue(value);
  const where = source === name ? name : `${name} (${source})`;
  const why = fault.path === '' ? '' : `, because of ${placeOf(fault)}`;
  return { name, message: `${where}: ${shown} is not allowed${why}; it takes ${takes.allowed}` };
}

/** Which part of a table or a list is wrong, and what is allowed there. */
function placeOf({ path, constraints }: Fault): string {
  const figures = Object.keys(constraints).length === 0 ? '' : ` (${JSON.stringify(constraints)})`;
  return path.replace(/^\./, '') + figures;
}

/** A value as a message repeats it: without a password, and not endlessly. */
export function shownValue(value: unknown): string {
  const shown = JSON.stringify(typeof value === 'string' ? withoutPassword(value) : value);
  return shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}…` : shown;
}
