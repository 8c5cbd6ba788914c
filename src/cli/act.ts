import type { CommandContext } from './context';

/** Runs the command that the arguments named; its number is the exit code. */
export type Act = (command: (context: CommandContext) => Promise<number>) => Promise<void>;
