import type { CommandContext } from './context';

/** A command ends when its output has been read; a server that was stopped does not wait for that for ever. */
export type Kind = 'command' | 'server';

/** Runs the command that the arguments named; its number is the exit code. A command, where nothing else is said. */
export type Act = (command: (context: CommandContext) => Promise<number>, kind?: Kind) => Promise<void>;
