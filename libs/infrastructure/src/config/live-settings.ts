import type { ConfigurationOrigin } from '@task/application';
import type { LoadedSettings, SettingOrigins } from './load-settings';
import type { Setting } from './setting';
import { SETTINGS, type SettingKey, type Settings } from './settings-table';

/** Settings that were changed while a service ran, over all others. */
export type StoredSettings = Partial<Settings>;

/** Is told that settings have changed. */
export type OnSettingsChange = () => void;

/**
 * The settings of a running service. {@link values} can be handed on and read at every use: what is live changes under
 * it. Everything else stays as the service was started with it.
 */
export class LiveSettings {
  /** Each value as it is now. */
  readonly values: Settings;
  private readonly configured: Settings;
  private readonly origins: SettingOrigins;
  private readonly listeners: OnSettingsChange[] = [];
  private stored: StoredSettings = {};
  private effective: Settings;

  constructor({ settings, origins }: Pick<LoadedSettings, 'settings' | 'origins'>) {
    this.configured = settings;
    this.origins = origins;
    this.effective = settings;
    this.values = this.view();
  }

  /** Where the value of a setting comes from. */
  originOf(key: SettingKey): ConfigurationOrigin {
    return Object.hasOwn(this.stored, key) ? 'stored' : this.origins[key];
  }

  /** All values as they would be with these stored ones in place of those that are stored now. */
  with(stored: StoredSettings): Settings {
    return { ...this.configured, ...stored };
  }

  /**
   * Puts stored values over the others, in place of those before: all at once.
   * @param stored each has passed the rule of its setting
   * @throws Error for a setting that needs a restart
   */
  use(stored: StoredSettings): void {
    const fixed = Object.keys(stored).find((key) => !isLive(key as SettingKey));
    if (fixed !== undefined) throw new Error(`${fixed} cannot change while the service runs`);
    this.stored = { ...stored };
    this.effective = this.with(stored);
    for (const listener of this.listeners) listener();
  }

  /** What is stored now. */
  get inStore(): StoredSettings {
    return this.stored;
  }

  /** For those few who must act on a change; everybody else reads {@link values} when it needs one. */
  onChange(listener: OnSettingsChange): void {
    this.listeners.push(listener);
  }

  private view(): Settings {
    const read = (key: SettingKey): PropertyDescriptor => ({
      enumerable: true,
      get: () => this.effective[key],
    });
    const keys = Object.keys(SETTINGS) as SettingKey[];
    const descriptors = Object.fromEntries(keys.map((key) => [key, read(key)]));
    return Object.defineProperties({}, descriptors) as Settings;
  }
}

/** Whether a setting can change while the service runs. */
export function isLive(key: SettingKey): boolean {
  const setting: Setting = SETTINGS[key];
  return setting.isLive === true;
}
