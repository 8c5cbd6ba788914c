import { atService, type ServiceOptions } from '../at-service';
import { inColumns, type Column } from '../columns';
import type { CommandContext } from '../context';
import { EXIT } from '../exit-codes';
import { standardOutput } from '../output';
import { described } from '../tasks/get-task';
import { json, moment } from '../terminal-text';
import { pathOfSchedule, schedulePages, type ApiSchedule } from './api-schedule';
import { intervalText } from './interval';

const COLUMNS: readonly Column<ApiSchedule>[] = [
  { head: 'NAME', of: ({ name }) => name, share: 0.6 },
  { head: 'COMES', of: comes, share: 0.4 },
  { head: 'NEXT', of: ({ next_run_at: next }) => (next === null ? 'paused' : moment(next)) },
  { head: 'LAST', of: ({ last_run_at: last }) => (last === null ? 'never' : moment(last)) },
  { head: 'ERROR', of: ({ last_error: error }) => error?.code ?? '', isOptional: true },
  { head: 'ID', of: ({ schedule_id: id }) => id, isOptional: true },
];

/** Lists schedules by name: when each comes next, and came last. */
export function listSchedules(context: CommandContext, options: ServiceOptions): Promise<number> {
  return atService(options, context, async (service) => {
    const schedules: ApiSchedule[] = [];
    for await (const page of schedulePages(service)) schedules.push(...page.schedules);
    const out = standardOutput();
    if (options.json === true) out.line(json({ schedules }));
    else if (schedules.length > 0) out.line(inColumns(schedules, COLUMNS, out));
    else if (out.isTerminal) out.line('No schedules.');
    return EXIT.ok;
  });
}

/** Shows everything that is known of a schedule. */
export function getSchedule(
  context: CommandContext,
  named: string,
  options: ServiceOptions,
): Promise<number> {
  return atService(options, context, async (service) => {
    const schedule = await service.ask<ApiSchedule>('GET', await pathOfSchedule(service, named));
    standardOutput().line(options.json === true ? json(schedule) : described(schedule));
    return EXIT.ok;
  });
}

function comes({ cron, interval_seconds: seconds, time_zone: zone }: ApiSchedule): string {
  return cron === null ? `every ${intervalText(seconds ?? 0)}` : `${cron} ${zone}`;
}
