import { ROLES, type KeyDraft, type Role } from '@task/domain';
import { Option, type Command } from 'commander';
import type { Act } from '../act';
import type { CommandContext } from '../context';
import { wholeNumber } from '../option-values';
import { StartFailure } from '../start-failure';
import type { KeyDesk, ShownKey } from './key-desk';
import { keyTable } from './key-table';
import { openKeyDesk } from './open-key-desk';

interface CreateOptions {
  readonly role: readonly Role[];
  readonly expiresInDays?: number;
  readonly requestsPerMinute?: number;
  readonly json?: true;
}

interface ListOptions {
  readonly all?: true;
  readonly json?: true;
}

/** Adds `keys create|list|revoke` to a program. */
export function addKeysCommands(program: Command, act: Act): void {
  const keys = program.command('keys').description('make, list and revoke API keys');
  keys
    .command('create')
    .description('make a key; standard output shows it, this once')
    .argument('<name>', 'whose it is: told wherever something was done with it')
    .addOption(new Option('-r, --role <role...>', 'what it may do').choices(ROLES).makeOptionMandatory())
    .option('--expires-in-days <days>', 'valid for so many days; for ever without', wholeNumber)
    .option('--requests-per-minute <number>', 'its own limit, 0 for none', wholeNumber)
    .option('--json', 'answer as POST /api/v1/keys does')
    .action((name: string, options: CreateOptions) => act((context) => create(context, name, options)));
  keys
    .command('list')
    .description('list keys: whose, for what, until when, last used')
    .option('-a, --all', 'revoked ones too')
    .option('--json', 'as JSON')
    .action((options: ListOptions) => act((context) => list(context, options)));
  keys
    .command('revoke')
    .description('take the rights of a key away, at once and for good')
    .argument('<id or name>', 'which key')
    .option('--json', 'as JSON')
    .action((named: string, options: ListOptions) => act((context) => revoke(context, named, options)));
}

function create(
  context: CommandContext,
  name: string,
  { role: roles, json, ...limits }: CreateOptions,
): Promise<number> {
  const draft: KeyDraft = { name, roles: [...new Set(roles)], ...limits };
  return atDesk(context, async (desk) => {
    const made = await desk.create(draft);
    if (json === true) {
      print(made);
      return;
    }
    // The key alone on standard output: KEY=$(task-orchestrator keys create …) has nothing else in it.
    console.log(made.key);
    const end = made.expires_at === null ? 'does not expire' : `expires at ${made.expires_at}`;
    console.error(
      `The key of ${made.name} (${made.roles.join(', ')}; ${end}; id ${made.id}), shown only now.`,
    );
  });
}

function list(context: CommandContext, { all, json }: ListOptions): Promise<number> {
  return atDesk(context, async (desk) => {
    const keys = await desk.list(all === true);
    if (json === true) print(keys);
    else console.log(keyTable(keys));
  });
}

function revoke(context: CommandContext, named: string, { json }: ListOptions): Promise<number> {
  return atDesk(context, async (desk) => {
    const key = await desk.revoke(idOf(named, await desk.list(false)));
    if (json === true) print(key);
    else console.log(`${key.name} (${key.id}) is revoked.`);
  });
}

/** A name belongs to one key that is not revoked; what is no name is an id. */
function idOf(named: string, keys: readonly ShownKey[]): string {
  const key = keys.find(({ id }) => id === named) ?? keys.find(({ name }) => name === named);
  if (key !== undefined) return key.id;
  if (/^[0-9a-f-]{36}$/i.test(named)) return named;
  throw new StartFailure(
    `there is no key called ${named}; task-orchestrator keys list shows those that there are`,
  );
}

async function atDesk(context: CommandContext, work: (desk: KeyDesk) => Promise<void>): Promise<number> {
  const desk = await openKeyDesk(context);
  try {
    await work(desk);
    return 0;
  } finally {
    await desk.close();
  }
}

function print(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}
