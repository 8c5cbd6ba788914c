import type { StoredValue } from '@task/application';
import type { FoundSetting } from '@task/infrastructure';

/** A setting as the command line shows it. */
export interface ShownSetting {
  readonly name: string;
  readonly value: StoredValue | null;
  /** default, file, environment or stored. */
  readonly origin: string;
  /** What is wrong with a value that is stored, so that no service starts with it; absent of a good one. */
  readonly problem?: string;
}

/** What a change has done. */
export interface SettingChange {
  readonly name: string;
  readonly before: StoredValue | null;
  readonly after: StoredValue | null;
}

/** Where settings are read and changed. What is refused is thrown as a `StartFailure`. */
export interface ConfigDesk {
  read(): Promise<readonly ShownSetting[]>;
  set(setting: FoundSetting, value: unknown): Promise<readonly SettingChange[]>;
  /** @param name of a setting, also of one that this version does not know */
  unset(name: string): Promise<readonly SettingChange[]>;
  close(): Promise<void>;
}
