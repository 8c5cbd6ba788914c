import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';

const PROJECT = resolve(import.meta.dirname, '../..');
/** Beside the project's dependencies, in a folder that is no part of it. */
const HOME = join(PROJECT, 'data/peers');
const DESCRIPTION = 'package.json';
const TIMEOUT_MS = 300_000;

/** Installs the peers, in the versions that `package.json` here names, unless they are there. @returns {string | null} what went wrong */
export function installPeers() {
  if (isInstalled()) return null;
  mkdirSync(HOME, { recursive: true, mode: 0o700 });
  cpSync(join(import.meta.dirname, DESCRIPTION), join(HOME, DESCRIPTION));
  // Without install scripts: what they would build is optional, and binaries are in packages of their own.
  const { status, stderr, error } = spawnSync(
    'npm',
    ['install', '--ignore-scripts', '--no-package-lock', '--no-audit', '--no-fund'],
    {
      cwd: HOME,
      encoding: 'utf8',
      timeout: TIMEOUT_MS,
    },
  );
  return status === 0 ? null : `npm install: ${error?.message ?? stderr.trim().slice(-300)}`;
}

/** A package of the peers. */
export function peer(name) {
  return createRequire(join(HOME, 'package.json'))(name);
}

/** The folder of one of the peers' packages. */
export function folderOf(name) {
  return join(HOME, 'node_modules', name);
}

/** The version of a package that is installed. */
export function versionOf(name, home = HOME) {
  return JSON.parse(readFileSync(join(home, 'node_modules', name, 'package.json'), 'utf8')).version;
}

/** A package of the project, built or installed. */
export function own(path) {
  return createRequire(join(PROJECT, 'package.json'))(path);
}

/** The version of one of the project's packages. */
export function ownVersionOf(name) {
  return versionOf(name, PROJECT);
}

export { PROJECT };

function isInstalled() {
  const wanted = readFileSync(join(import.meta.dirname, DESCRIPTION), 'utf8');
  const isSame =
    existsSync(join(HOME, DESCRIPTION)) && readFileSync(join(HOME, DESCRIPTION), 'utf8') === wanted;
  // Written last: an installation that was broken off has none.
  return isSame && existsSync(join(HOME, 'node_modules/.package-lock.json'));
}
