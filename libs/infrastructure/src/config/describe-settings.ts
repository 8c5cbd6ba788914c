import type { Setting, SettingValue } from './setting';
import { SETTINGS } from './settings-table';

/** One setting as people are told about it. */
export interface SettingDescription {
  readonly name: string;
  /** `section.key`, or null for what only the environment can say. */
  readonly place: string | null;
  readonly allowed: string;
  /** The default, or null when there is none. */
  readonly fallback: string | null;
  readonly about: string;
  /** Whether it can change while the service runs. */
  readonly isLive: boolean;
}

/** Every setting that has an effect, in the order of the configuration file. */
export function describeSettings(): readonly SettingDescription[] {
  return Object.values<Setting>(SETTINGS)
    .filter(({ withoutEffect }) => withoutEffect === undefined)
    .map(({ name, place, takes: { allowed }, fallback, about, isLive = false }) => ({
      name,
      place,
      allowed,
      fallback: shown(fallback),
      about,
      isLive,
    }));
}

/** The settings as a table of Markdown, for the README. */
export function settingsAsMarkdown(): string {
  const rows = describeSettings().map(({ name, place, allowed, fallback, about, isLive }) =>
    [code(name), code(place), code(fallback), allowed, about, isLive ? 'at once' : 'at the next start'].map(
      (cell) => cell.replaceAll('|', '\\|'),
    ),
  );
  const head = ['variable', 'in CONFIG_FILE', 'default', 'takes', 'what it does', 'a change holds'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The settings as text for a terminal. */
export function settingsAsText(): string {
  return describeSettings()
    .map(({ name, place, allowed, fallback, about, isLive }) =>
      [
        `  ${name}${place === null ? '' : ` (${place})`}${isLive ? ', can change while it runs' : ''}`,
        `      ${about}.`,
        `      Takes ${allowed}${fallback === null ? '' : `; default ${fallback}`}.`,
      ].join('\n'),
    )
    .join('\n');
}

/** An empty list is none. */
function shown(fallback: SettingValue): string | null {
  return fallback === null || (Array.isArray(fallback) && fallback.length === 0)
    ? null
    : typeof fallback === 'object'
      ? JSON.stringify(fallback)
      : String(fallback);
}

function code(text: string | null): string {
  return text === null ? '' : `\`${text}\``;
}
