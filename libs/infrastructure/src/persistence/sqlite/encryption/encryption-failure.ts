/** A database file and the key to it do not go together, or cannot be read here. Told to the operator. */
export class EncryptionFailure extends Error {
  override readonly name = 'EncryptionFailure';
}

/** The setting that holds the key, as messages name it. */
export const KEY_SETTING = 'DATABASE_ENCRYPTION_KEY';
