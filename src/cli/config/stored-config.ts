import { ChangeConfiguration, type StoredValue, type StoredValues } from '@task/application';
import { ConfigurationContradictory, ConfigurationInvalid, type DomainError } from '@task/domain';
import {
  LiveSettings,
  readStored,
  SettingsConfiguration,
  SystemClock,
  type FoundSetting,
} from '@task/infrastructure';
import { OPERATOR, type OpenDatabase } from '../open-database';
import { toldByRules, wordedViolations } from '../told-refusal';
import type { ConfigDesk, SettingChange, ShownSetting } from './config-desk';

/** The settings in a database that nobody serves: those too with which no service would start. */
export class StoredConfig implements ConfigDesk {
  private readonly configuration: SettingsConfiguration;

  private constructor(
    private readonly database: OpenDatabase,
    private readonly stored: StoredValues,
  ) {
    const { settings } = readStored(stored);
    const live = new LiveSettings(database.loaded);
    live.use(settings);
    this.configuration = new SettingsConfiguration(live);
  }

  static async open(database: OpenDatabase): Promise<StoredConfig> {
    return new StoredConfig(database, await database.store.settings.read());
  }

  async read(): Promise<readonly ShownSetting[]> {
    const problems = new Map(readStored(this.stored).problems.map(({ name, message }) => [name, message]));
    const shown = new Map<string, ShownSetting>();
    for (const { name, value, origin } of this.configuration.entries()) {
      const problem = problems.get(name);
      const kept = this.stored.get(name) ?? null;
      if (!shown.has(name))
        shown.set(
          name,
          problem === undefined ? { name, value, origin } : { name, value: kept, origin: 'stored', problem },
        );
    }
    return [...shown.values()];
  }

  async set({ field, setting }: FoundSetting, value: unknown): Promise<readonly SettingChange[]> {
    const { settings, audit } = this.database.store;
    const change = new ChangeConfiguration(this.configuration, settings, new SystemClock(), audit);
    const done = change.execute(new Map([[field ?? setting.name, value]]), OPERATOR);
    const { changes } = await toldByRules(done, whyRefused);
    return changes.map(({ before, after }) => ({ name: setting.name, before, after }));
  }

  /** Past all checks: what is taken back may be what they refuse. */
  async unset(name: string): Promise<readonly SettingChange[]> {
    const kept = this.stored.get(name);
    if (kept === undefined) return [];
    const { settings, audit } = this.database.store;
    await settings.write(new Map([[name, null]]));
    const details = { fields: [name] };
    await audit.record({ ...OPERATOR, action: 'config.change', outcome: 'done', target: null, details });
    return [{ name, before: kept, after: this.withoutStored(name) }];
  }

  close(): Promise<void> {
    return this.database.close();
  }

  private withoutStored(name: string): StoredValue | null {
    const { settings } = readStored(new Map([...this.stored].filter(([other]) => other !== name)));
    const live = new LiveSettings(this.database.loaded);
    live.use(settings);
    const entries = new SettingsConfiguration(live).entries();
    return entries.find((entry) => entry.name === name)?.value ?? null;
  }
}

function whyRefused(error: DomainError): readonly string[] {
  if (error instanceof ConfigurationInvalid) return wordedViolations(error.violations);
  return error instanceof ConfigurationContradictory ? error.problems : [];
}
