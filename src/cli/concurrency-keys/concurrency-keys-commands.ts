import type { Command } from 'commander';
import type { Act } from '../act';
import { askingCommand, askingGroup } from '../asking-command';
import { atService, type AskedService, type ServiceOptions } from '../at-service';
import { inColumns, type Column } from '../columns';
import type { CommandContext } from '../context';
import { EXIT } from '../exit-codes';
import { wholeNumber } from '../option-values';
import { standardOutput } from '../output';
import { readPages, type CursorPage } from '../read-pages';
import { described } from '../tasks/get-task';
import { json } from '../terminal-text';

interface ApiConcurrencyKey {
  readonly key: string;
  readonly limit: number;
  readonly working: number;
  readonly ready: number;
  readonly held: number;
}

interface Page extends CursorPage {
  readonly keys: readonly ApiConcurrencyKey[];
}

const KEYS = '/api/v1/concurrency-keys';
const WHICH = 'as tasks name it in --concurrency-key';

const COLUMNS: readonly Column<ApiConcurrencyKey>[] = [
  { head: 'KEY', of: ({ key }) => key, share: 1 },
  { head: 'LIMIT', of: ({ limit }) => String(limit) },
  { head: 'WORKING', of: ({ working }) => String(working) },
  { head: 'READY', of: ({ ready }) => String(ready) },
  { head: 'HELD', of: ({ held }) => String(held) },
];

/** Adds `concurrency-keys list|get|set` to a program. */
export function addConcurrencyKeysCommands(program: Command, act: Act): void {
  const keys = askingGroup(
    program,
    'concurrency-keys',
    'say how many tasks that share something run at once',
  );
  askingCommand(keys, 'list', 'list concurrency keys: their limits, and where their tasks stand').action(
    (options: ServiceOptions) => act((context) => list(context, options)),
  );
  askingCommand(keys, 'get', 'show one concurrency key')
    .argument('<key>', WHICH)
    .action((key: string, options: ServiceOptions) =>
      act((context) => one(context, options, (service) => service.ask('GET', pathOf(key)))),
    );
  askingCommand(keys, 'set', 'say how many of its tasks may be worked on at once; 1 is as if nobody had')
    .argument('<key>', WHICH)
    .argument('<limit>', 'how many', wholeNumber)
    .action((key: string, limit: number, options: ServiceOptions) =>
      act((context) =>
        one(context, options, (service) => service.ask('PUT', pathOf(key), { body: { limit } })),
      ),
    );
}

function list(context: CommandContext, options: ServiceOptions): Promise<number> {
  return atService(options, context, async (service) => {
    const { rows: keys } = await readPages<Page, ApiConcurrencyKey>(service, {
      ...{ path: KEYS, limit: Infinity },
      rowsOf: (page) => page.keys,
    });
    const out = standardOutput();
    if (options.json === true) out.line(json({ keys }));
    else if (keys.length > 0) out.line(inColumns(keys, COLUMNS, out));
    else if (out.isTerminal) out.line('No concurrency keys.');
    return EXIT.ok;
  });
}

function one(
  context: CommandContext,
  options: ServiceOptions,
  ask: (service: AskedService) => Promise<ApiConcurrencyKey>,
): Promise<number> {
  return atService(options, context, async (service) => {
    const key = await ask(service);
    standardOutput().line(options.json === true ? json(key) : described(key));
    return EXIT.ok;
  });
}

function pathOf(key: string): string {
  return `${KEYS}/${encodeURIComponent(key)}`;
}
