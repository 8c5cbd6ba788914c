import type { ChangedConfiguration, ConfigurationEntry } from '@task/application';
import type { ConfigurationChanged, ConfigurationView } from './configuration.views';

type Section = Record<string, unknown>;

/** The settings in their sections, and the origin of each by its field. */
export function configurationView(entries: readonly ConfigurationEntry[]): ConfigurationView {
  const origins: Section = {};
  const view: ConfigurationView = {
    ...{ server: {}, database: {}, security: {}, queue: {}, executor: {}, logging: {} },
    origins,
  };
  for (const { field, value, origin } of entries) {
    put(view as unknown as Section, field.split('.'), value);
    origins[field] = origin;
  }
  return view;
}

/** What a change has done. */
export function configurationChanged({ changes, at }: ChangedConfiguration): ConfigurationChanged {
  return {
    message: 'Configuration updated successfully',
    changes: changes.map(({ field, before, after }) => ({ field, old_value: before, new_value: after })),
    applied_at: new Date(at).toISOString(),
  };
}

function put(section: Section, [name = '', ...deeper]: readonly string[], value: unknown): void {
  if (deeper.length === 0) {
    section[name] = value;
    return;
  }
  section[name] ??= {};
  put(section[name] as Section, deeper, value);
}
