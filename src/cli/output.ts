/** Where a command shows its result. */
export interface Output {
  readonly isTerminal: boolean;
  readonly columns: number;
  line(text: string): void;
}

/** Where a terminal says that it has none. */
const DEFAULT_COLUMNS = 80;
const READ_NO_FURTHER = 0;

/** The standard output of this process. Whoever reads it may go away: `… | head -1` is no failure. */
export function standardOutput(): Output {
  const { stdout } = process;
  if (stdout.listenerCount('error') === 0) stdout.on('error', () => process.exit(READ_NO_FURTHER));
  return {
    isTerminal: stdout.isTTY,
    columns: stdout.columns || DEFAULT_COLUMNS,
    line: (text) => stdout.write(`${text}\n`),
  };
}
