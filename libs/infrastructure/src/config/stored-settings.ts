import type { StoredValues } from '@task/application';
import { isLive, type StoredSettings } from './live-settings';
import { settingEntries, shownValue } from './load-settings';
import type { SettingProblem } from './settings-refused';
import type { SettingKey } from './settings-table';

/** Stored values as settings, and what is wrong with them. */
export interface ReadStored {
  readonly settings: StoredSettings;
  readonly problems: readonly SettingProblem[];
  /** Names that are no settings: another version has kept them. */
  readonly unknown: readonly string[];
}

/** Checks stored values as strictly as all others: what was allowed when it was stored need not be now. */
export function readStored(stored: StoredValues): ReadStored {
  const left = new Map(stored);
  const problems: SettingProblem[] = [];
  const settings: Partial<Record<SettingKey, unknown>> = {};
  for (const [key, { name, takes }] of settingEntries()) {
    const value = left.get(name);
    if (!left.delete(name) || value === undefined) continue;
    if (!isLive(key)) problems.push(problem(name, 'it needs a restart, and cannot be stored'));
    else if (takes.rule.check(value).length > 0) {
      problems.push(problem(name, `${shownValue(value)} is not allowed; it takes ${takes.allowed}`));
    } else settings[key] = value;
  }
  return { settings: settings as StoredSettings, problems, unknown: [...left.keys()] };
}

function problem(name: string, complaint: string): SettingProblem {
  const message = `${name} (stored): ${complaint}; "task-orchestrator config unset ${name}" takes it back`;
  return { name, message };
}
