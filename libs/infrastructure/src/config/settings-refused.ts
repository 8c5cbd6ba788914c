/** One thing wrong with the settings, in words that its operator understands. */
export interface SettingProblem {
  /** The environment variable, or what stands in the file. */
  readonly name: string;
  /** Name, where it was said, its value and what is allowed, in one line. */
  readonly message: string;
}

/** The settings cannot be used: everything that is wrong with them, at once. */
export class SettingsRefused extends Error {
  override readonly name = 'SettingsRefused';

  constructor(readonly problems: readonly SettingProblem[]) {
    super(['wrong settings:', ...problems.map(({ message }) => `  ${message}`)].join('\n'));
  }
}
