import type { Rule } from '@task/domain';
import type { StoredValue, StoredValues } from './settings-store';

/** Where the value of a setting can come from: each wins over those before it. */
export const CONFIGURATION_ORIGINS = ['default', 'file', 'environment', 'stored'] as const;

/** One of {@link CONFIGURATION_ORIGINS}. */
export type ConfigurationOrigin = (typeof CONFIGURATION_ORIGINS)[number];

/** A setting as it is now. */
export interface ConfigurationEntry {
  /** Where it stands in the configuration: `security.rate_limit.burst_size`. */
  readonly field: string;
  /** The name of its environment variable. */
  readonly name: string;
  /** As it may be shown: without secrets. Null where saying nothing means something of its own. */
  readonly value: StoredValue | null;
  readonly origin: ConfigurationOrigin;
  /** Whether it can change while the service runs. */
  readonly isLive: boolean;
  readonly rule: Rule;
}

/** The settings of the running service. Source: behaviour.md 10. */
export abstract class Configuration {
  /** Every setting that does something, in the order in which they are told. */
  abstract entries(): readonly ConfigurationEntry[];

  /** The values that were changed while the service ran. */
  abstract readonly stored: StoredValues;

  /** What would be wrong with all settings together if these were the stored ones, in sentences. */
  abstract contradictions(stored: StoredValues): readonly string[];

  /** Whether somebody at this address could still reach the service if these were the stored ones. */
  abstract admits(address: string, stored: StoredValues): boolean;

  /**
   * Puts these in place of the stored values, all at once. They hold at the next use.
   * @throws Error that names what is not allowed; nothing has changed then
   */
  abstract use(stored: StoredValues): void;
}
