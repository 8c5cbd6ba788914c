import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadSettings, type Settings } from '@task/infrastructure';
import { parse } from 'yaml';

/** The root of the project. */
export const PROJECT = resolve(__dirname, '../..');

/** The text of a file of the project. */
export function read(name: string): string {
  return readFileSync(resolve(PROJECT, name), 'utf8');
}

/** The files that a pattern finds in the project. */
export function filesLike(pattern: string): readonly string[] {
  return globSync(pattern, { cwd: PROJECT }).toSorted();
}

/** What a file of YAML says; no key stands twice, and `<<` brings in what an anchor has. Its reader knows its shape. */
export function readYaml<Shape>(name: string): Shape {
  return parse(read(name), { strict: true, uniqueKeys: true, merge: true }) as Shape;
}

/** The settings that a service has under these variables; refused ones throw. */
export function settingsUnder(env: Readonly<Record<string, string>>): Settings {
  return loadSettings({ env, cwd: '/app' }).settings;
}

/** `30s` in seconds. */
export function secondsIn(duration: string): number {
  const [, figure, unit = ''] = /^(\d+)(s|min|m)$/.exec(duration) ?? [];
  return Number(figure) * (unit === 's' ? 1 : 60);
}
