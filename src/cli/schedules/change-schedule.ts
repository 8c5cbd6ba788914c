import { atService, type AskedService, type ServiceOptions } from '../at-service';
import type { CommandContext } from '../context';
import { eachForItself } from '../each-for-itself';
import { EXIT } from '../exit-codes';
import { outputOfChanges } from '../output';
import { described } from '../tasks/get-task';
import { json, moment } from '../terminal-text';
import type { NamedSchedule } from './add-schedule';
import { pathOfSchedule, type ApiSchedule } from './api-schedule';
import { rhythmIn, type RhythmOptions } from './rhythm-options';
import { over, templateIn, type TemplateOptions } from './template-options';

/** What `schedules change` takes beside the fields of its tasks. */
export interface ChangeScheduleOptions extends ServiceOptions, RhythmOptions, TemplateOptions {
  readonly name?: string;
}

/** Changes what is named of a schedule, of its tasks too; the rest stays. */
export function changeSchedule(
  context: CommandContext,
  { named, prompt }: NamedSchedule,
  options: ChangeScheduleOptions,
): Promise<number> {
  return atService(options, context, async (service) => {
    const path = await pathOfSchedule(service, named);
    const fields = await templateIn(options, prompt, context);
    const { name, task = await formerTask(service, path, fields) } = options;
    const body = {
      ...{ ...rhythmIn(options), ...(name !== undefined && { name }) },
      ...(task !== undefined && { task: over(task, fields) }),
    };
    const changed = await service.ask<ApiSchedule>('PATCH', path, { body });
    outputOfChanges().line(options.json === true ? json(changed) : described(changed));
    return EXIT.ok;
  });
}

/** Lets schedules make no tasks by themselves, or again. */
export function enableSchedules(
  context: CommandContext,
  names: readonly string[],
  { enabled, options }: { readonly enabled: boolean; readonly options: ServiceOptions },
): Promise<number> {
  const out = outputOfChanges();
  return eachForItself(context, names, options, async (service, named) => {
    const path = await pathOfSchedule(service, named);
    const changed = await service.ask<ApiSchedule>('PATCH', path, { body: { enabled } });
    const { next_run_at: next } = changed;
    if (options.json === true) out.line(json(changed, null));
    else out.line(next === null ? `${named} is paused` : `${named} goes on, next at ${moment(next)}`);
  });
}

/** The service takes a task whole: what is changed goes over what it was. */
async function formerTask(service: AskedService, path: string, fields: object): Promise<unknown> {
  if (Object.keys(fields).length === 0) return undefined;
  return (await service.ask<ApiSchedule>('GET', path)).task;
}
