import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { missingProgram } from '../../support/it-needing';
import type { Door } from '../../support/recorded-client';

const PROJECT = resolve(__dirname, '../../..');
const FOLDER = resolve(PROJECT, process.env.SEEDS_DIR ?? '../shared/seeds');

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
export const missingPython = (): string | null => missingProgram(PYTHON, ['-c', 'import requests']);

/** Why the documents' command lines cannot be run here, or null. */
export const missingCurl = (): string | null => missingProgram('bash', ['-c', 'curl --version']);

/** Why what the documents do with answers cannot be run here, or null. */
export const missingJq = (): string | null => missingProgram('jq');

/** The documents' code, word for word, but for where the service is and the key. */
export function pointedAt(code: string, { url, key }: Door): string {
  return code
    .replaceAll('http://localhost:8080', url)
    .replaceAll('your-api-key-here', key)
    .replaceAll('your-api-key', key);
}
