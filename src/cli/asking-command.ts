import type { Command } from 'commander';
import { EXIT_CODES_AS_TEXT } from './exit-codes';

const PLACE = `
TASK_ORCHESTRATOR_URL names the service, TASK_ORCHESTRATOR_API_KEY holds the key. Without an address it is the service
that owns the SQLite file of DATABASE_URL on this machine.
`;

/** A group of commands that ask a running service: `tasks`, `schedules` … */
export function askingGroup(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .addHelpText('after', PLACE + EXIT_CODES_AS_TEXT);
}

/** A command that asks a running service. */
export function askingCommand(parent: Command, name: string, description: string): Command {
  return askingGroup(parent, name, description)
    .option('--url <url>', 'where the service is; otherwise TASK_ORCHESTRATOR_URL')
    .option('--json', 'as JSON');
}
