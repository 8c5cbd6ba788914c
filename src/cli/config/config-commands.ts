import type { StoredValue } from '@task/application';
import { findSetting, type FoundSetting } from '@task/infrastructure';
import type { Command } from 'commander';
import type { Act } from '../act';
import type { CommandContext } from '../context';
import { findService } from '../find-service';
import { openDatabase } from '../open-database';
import { StartFailure } from '../start-failure';
import type { ConfigDesk, SettingChange, ShownSetting } from './config-desk';
import { ServedConfig } from './served-config';
import { StoredConfig } from './stored-config';

interface Options {
  readonly json?: true;
}

/** Adds `config get|set|unset` to a program. */
export function addConfigCommands(program: Command, act: Act): void {
  const config = program
    .command('config')
    .description('read and change the settings of the running service, or those in the database');
  config
    .command('get')
    .description('show a setting, or all of them, and where each value comes from')
    .argument('[name]', 'such as LOG_LEVEL or logging.level')
    .option('--json', 'as JSON')
    .action((name: string | undefined, options: Options) => act((context) => get(context, name, options)));
  config
    .command('set')
    .description('change a setting that can change while the service runs; it is kept over restarts')
    .argument('<name>', 'such as LOG_LEVEL or logging.level')
    .argument('<value>', 'as it would stand in the environment')
    .action((name: string, value: string) => act((context) => set(context, name, value)));
  config
    .command('unset')
    .description('take a change back: what the environment or the file says holds again')
    .argument('<name>', 'such as LOG_LEVEL or logging.level')
    .action((name: string) => act((context) => unset(context, name)));
}

function get(context: CommandContext, name: string | undefined, { json }: Options): Promise<number> {
  const wanted = name === undefined ? null : known(name).setting.name;
  return atDesk(context, async (desk) => {
    const all = await desk.read();
    const shown = wanted === null ? all : all.filter((setting) => setting.name === wanted);
    if (json === true) console.log(JSON.stringify(shown, null, 2));
    else for (const setting of shown) show(setting, wanted !== null);
  });
}

function set(context: CommandContext, name: string, text: string): Promise<number> {
  const found = known(name);
  const { setting, isLive } = found;
  if (!isLive) {
    throw new StartFailure(
      `${setting.name} cannot change while the service runs: set it in the environment or in CONFIG_FILE, and restart`,
    );
  }
  const value = setting.takes.read(text);
  if (setting.takes.rule.check(value).length > 0) {
    throw new StartFailure(
      `${setting.name}: ${JSON.stringify(text)} is not allowed; it takes ${setting.takes.allowed}`,
    );
  }
  return atDesk(context, async (desk) => report(setting.name, await desk.set(found, value)));
}

function unset(context: CommandContext, name: string): Promise<number> {
  // What another version has stored has a name that is not known here.
  const full = findSetting(name)?.setting.name ?? name;
  return atDesk(context, async (desk) => report(full, await desk.unset(full)));
}

function known(name: string): FoundSetting {
  const found = findSetting(name);
  if (found === null)
    throw new StartFailure(`there is no setting ${name}; task-orchestrator --help lists all`);
  return found;
}

async function atDesk(context: CommandContext, work: (desk: ConfigDesk) => Promise<void>): Promise<number> {
  const desk = await openDesk(context);
  try {
    await work(desk);
    return 0;
  } finally {
    await desk.close();
  }
}

/** The running service; where nobody serves the database, the database itself. */
async function openDesk(context: CommandContext): Promise<ConfigDesk> {
  const place = await findService(context);
  return place === null ? StoredConfig.open(await openDatabase(context)) : new ServedConfig(place);
}

/** The value alone where one setting was asked for: scripts want nothing else. */
function show({ name, value, origin, problem }: ShownSetting, isAlone: boolean): void {
  console.log(isAlone ? text(value) : `${name}=${text(value)}  (${origin})`);
  if (problem !== undefined) console.error(problem);
}

function report(name: string, changes: readonly SettingChange[]): void {
  if (changes.length === 0) console.log(`${name}: nothing to change`);
  for (const change of changes)
    console.log(`${change.name}: ${text(change.before)} -> ${text(change.after)}`);
}

/** As it would stand in the environment. */
function text(value: StoredValue | null): string {
  if (value === null) return '';
  if (Array.isArray(value)) return value.join(',');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
