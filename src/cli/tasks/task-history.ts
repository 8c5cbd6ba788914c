import { atService, type ServiceOptions } from '../at-service';
import { inColumns, type Column } from '../columns';
import type { CommandContext } from '../context';
import { EXIT } from '../exit-codes';
import { standardOutput } from '../output';
import { json, moment } from '../terminal-text';
import { pathOf, type HistoryRow } from './api-task';

interface History {
  readonly history: readonly HistoryRow[];
}

const COLUMNS: readonly Column<HistoryRow>[] = [
  { head: 'AT', of: ({ at }) => moment(at) },
  { head: 'EVENT', of: ({ type }) => type },
  { head: 'STATUS', of: ({ to }) => to },
  { head: 'ATTEMPT', of: ({ attempt }) => String(attempt) },
  { head: 'WORKER', of: ({ worker_id: worker }) => worker ?? '', share: 0.4 },
  { head: 'DETAILS', of: ({ details }) => (details === null ? '' : json(details, null)), share: 0.6 },
];

/** Shows what has happened to a task, oldest first. */
export function taskHistory(context: CommandContext, id: string, options: ServiceOptions): Promise<number> {
  return atService(options, context, async (service) => {
    const answer = await service.ask<History>('GET', pathOf(id, '/history'));
    const out = standardOutput();
    out.line(options.json === true ? json(answer) : inColumns(answer.history, COLUMNS, out));
    return EXIT.ok;
  });
}
