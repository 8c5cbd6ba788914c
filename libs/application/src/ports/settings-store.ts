/** What a setting can be changed to while the service runs. */
export type StoredValue = string | number | boolean | readonly string[] | Readonly<Record<string, unknown>>;

/** Stored settings by the name of their environment variable. */
export type StoredValues = ReadonlyMap<string, StoredValue>;

/** Settings that were changed while a service ran, kept over its restarts. Source: behaviour.md 10. */
export abstract class SettingsStore {
  /** Everything that is kept. Whether a value is still allowed is not looked at. @throws StoreUnavailable */
  abstract read(): Promise<StoredValues>;
  /**
   * Keeps values, and forgets those that are null: all of them or none. Others stay as they are.
   * @throws StoreUnavailable
   */
  abstract write(changes: ReadonlyMap<string, StoredValue | null>): Promise<void>;
  /**
   * Tells when something was stored: here at once, on another instance a moment later where the database can tell.
   * Whoever has to know for certain looks now and then beside it.
   * @param listener called synchronously; never throws. @returns stops telling
   */
  abstract watch(listener: () => void): () => void;
}
