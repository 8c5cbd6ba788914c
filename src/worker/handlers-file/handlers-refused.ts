/** A file of handlers that cannot be used: everything that is wrong with it. */
export class HandlersRefused extends Error {
  override readonly name = 'HandlersRefused';

  constructor(
    file: string,
    readonly problems: readonly string[],
  ) {
    super([`HANDLERS_FILE ${file} cannot be used:`, ...problems.map((problem) => `  ${problem}`)].join('\n'));
  }
}
