import {
  Configuration,
  type ConfigurationEntry,
  type StoredValue,
  type StoredValues,
} from '@task/application';
import { AddressList, canonicalAddress } from './address-list';
import { contradictions } from './contradictions';
import { withoutPassword } from './database-url';
import { fieldOf } from './find-setting';
import { isLive, type LiveSettings } from './live-settings';
import { settingEntries } from './load-settings';
import type { Setting } from './setting';
import { SettingsRefused } from './settings-refused';
import { SETTINGS, type SettingKey } from './settings-table';
import { readStored } from './stored-settings';

const MASK = '***';
/** One process answers all requests, whatever an older file says. */
const WORKERS = 1;

/** The settings of the running service, as callers may see and change them. */
export class SettingsConfiguration extends Configuration {
  constructor(private readonly live: LiveSettings) {
    super();
  }

  override entries(): readonly ConfigurationEntry[] {
    return settingEntries().flatMap(([key, setting]) => {
      const field = fieldOf(setting);
      if (field === null || !isTold(key, setting)) return [];
      const entry = this.entryOf(key, setting, field);
      // The document has both names for one switch.
      return key === 'enableAuth' ? [entry, { ...entry, field: 'security.api_key_required' }] : [entry];
    });
  }

  override get stored(): StoredValues {
    const { inStore } = this.live;
    return new Map(
      settingEntries().flatMap(([key, { name }]) => {
        const value = inStore[key] ?? null;
        return value === null ? [] : [[name, value] as const];
      }),
    );
  }

  override contradictions(stored: StoredValues): readonly string[] {
    return contradictions(this.live.with(readStored(stored).settings)).map(({ message }) => message);
  }

  override admits(address: string, stored: StoredValues): boolean {
    const { ipAllowlist } = this.live.with(readStored(stored).settings);
    return ipAllowlist.length === 0 || AddressList.of(ipAllowlist).has(canonicalAddress(address) ?? address);
  }

  /** @throws SettingsRefused */
  override use(stored: StoredValues): void {
    const { settings, problems } = readStored(stored);
    const all = problems.length > 0 ? problems : contradictions(this.live.with(settings));
    if (all.length > 0) throw new SettingsRefused(all);
    this.live.use(settings);
  }

  private entryOf(key: SettingKey, setting: Setting, field: string): ConfigurationEntry {
    const value = key === 'serverWorkers' ? WORKERS : this.live.values[key];
    return {
      field,
      name: setting.name,
      value: shown(key, setting, value),
      origin: key === 'serverWorkers' ? 'default' : this.live.originOf(key),
      isLive: isLive(key),
      rule: setting.takes.rule,
    };
  }
}

function isTold(key: SettingKey, { withoutEffect }: Setting): boolean {
  return withoutEffect === undefined || SETTINGS[key] === SETTINGS.serverWorkers;
}

function shown(key: SettingKey, { isSecret }: Setting, value: StoredValue | null): StoredValue | null {
  if (isSecret === true) return value === null ? null : MASK;
  return key === 'databaseUrl' && typeof value === 'string' ? withoutPassword(value) : value;
}
