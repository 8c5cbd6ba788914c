import type Sqlite from 'better-sqlite3';
import { loadLater } from '../../../system/load-later';
import { EncryptionFailure, KEY_SETTING } from './encryption-failure';

/** The package that can read encrypted files. */
export const CIPHER_PACKAGE = 'better-sqlite3-multiple-ciphers';

/** Makes connections. */
export type Driver = new (path: string, options?: Sqlite.Options) => Sqlite.Database;

/** A connection that can be given a key. */
export interface CipherDatabase extends Sqlite.Database {
  key(key: Buffer): number;
}

/**
 * The driver that can read encrypted files, loaded when there is a key.
 * @param load takes the place of `require`
 * @throws EncryptionFailure where the package is not installed, or has no binary for this system
 */
export function cipherDriver(load = loadLater): Driver {
  try {
    return load(CIPHER_PACKAGE) as Driver;
  } catch (error) {
    throw new EncryptionFailure(
      `${KEY_SETTING} needs the package ${CIPHER_PACKAGE}, which cannot be loaded here: run "npm install ${CIPHER_PACKAGE}", or unset the key`,
      { cause: error },
    );
  }
}
