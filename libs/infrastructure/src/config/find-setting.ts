import { isLive } from './live-settings';
import { settingEntries } from './load-settings';
import type { Setting } from './setting';
import type { SettingKey } from './settings-table';

/** A setting with all its names. */
export interface FoundSetting {
  readonly key: SettingKey;
  readonly setting: Setting;
  /** Where the configuration tells it; null where it does not. */
  readonly field: string | null;
  readonly isLive: boolean;
}

/** The setting of this name: its environment variable in any case, or where the configuration or the file has it. */
export function findSetting(name: string): FoundSetting | null {
  for (const [key, setting] of settingEntries()) {
    const field = fieldOf(setting);
    if ([setting.name, setting.name.toLowerCase(), setting.place, field].includes(name)) {
      return { key, setting, field, isLive: isLive(key) };
    }
  }
  return null;
}

/** Where the configuration tells a setting. */
export function fieldOf({ field, place }: Setting): string | null {
  return field ?? place;
}
