import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Door } from '../../support/recorded-client';

const PROJECT = resolve(__dirname, '../../..');
const FOLDER = resolve(PROJECT, process.env.SEEDS_DIR ?? '../shared/seeds');
const INSISTS = process.env.SEEDS_REQUIRED === '1';

export const PYTHON = '/usr/bin/python3';

/** The text of a seed document. */
export function seedDocument(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

/** Why a seed document cannot be read here, or null. */
export function missingDocument(name: string): string | null {
  return existsSync(join(FOLDER, name)) ? null : `there is no ${name} in SEEDS_DIR`;
}

/** Why the documents' Python cannot be run here, or null. */
export function missingPython(): string | null {
  const { status } = spawnSync(PYTHON, ['-c', 'import requests']);
  return status === 0 ? null : `${PYTHON} has no module requests`;
}

/** Why the documents' command lines cannot be run here, or null. */
export function missingCurl(): string | null {
  const { status } = spawnSync('bash', ['-c', 'curl --version']);
  return status === 0 ? null : 'there is no bash with curl';
}

/** Why what the documents do with answers cannot be run here, or null. */
export function missingJq(): string | null {
  const { status } = spawnSync('jq', ['--version']);
  return status === 0 ? null : 'there is no jq';
}

/**
 * `it` where nothing is missing. Where something is, the case is skipped and says so in its title; with
 * SEEDS_REQUIRED=1 it fails instead.
 */
export function itNeeding(missing: string | null): (title: string, run: () => Promise<void>) => void {
  if (missing === null) return (title, run) => it(title, run);
  if (!INSISTS) console.warn(`Skipped, since ${missing}. SEEDS_REQUIRED=1 makes this a failure.`);
  const itOrNot = INSISTS ? it : it.skip;
  return (title) => itOrNot(`${title} [needs what is missing: ${missing}]`, () => expect(missing).toBeNull());
}

/** The documents' code, word for word, but for where the service is and the key. */
export function pointedAt(code: string, { url, key }: Door): string {
  return code
    .replaceAll('http://localhost:8080', url)
    .replaceAll('your-api-key-here', key)
    .replaceAll('your-api-key', key);
}
