/** What a command takes from the process that it runs in. */
export interface CommandContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory, absolute. */
  readonly cwd: string;
  /** With which files that belong to others are made: those of commands. Absent for that of this process. */
  readonly umask?: number;
}
