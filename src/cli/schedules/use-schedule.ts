import { randomUUID } from 'node:crypto';
import { atService, type ServiceOptions } from '../at-service';
import type { CommandContext } from '../context';
import { eachForItself } from '../each-for-itself';
import { outputOfChanges } from '../output';
import { tellFiled } from '../tasks/add-task';
import type { ApiTask } from '../tasks/api-task';
import { json } from '../terminal-text';
import { pathOfSchedule, type ApiSchedule } from './api-schedule';

/** What `schedules run` takes. */
export interface RunScheduleOptions extends ServiceOptions {
  readonly idempotencyKey?: string;
  readonly watch?: true;
}

/** Lets a schedule make a task now. */
export function runSchedule(
  context: CommandContext,
  named: string,
  options: RunScheduleOptions,
): Promise<number> {
  return atService(options, context, async (service) => {
    const { idempotencyKey = randomUUID() } = options;
    const task = await service.ask<ApiTask>('POST', await pathOfSchedule(service, named, '/run'), {
      headers: { 'Idempotency-Key': idempotencyKey },
    });
    return tellFiled(service, task, options);
  });
}

/** Deletes schedules. Their tasks stay. */
export function deleteSchedules(
  context: CommandContext,
  names: readonly string[],
  options: ServiceOptions,
): Promise<number> {
  const out = outputOfChanges();
  return eachForItself(context, names, options, async (service, named) => {
    const deleted = await service.ask<ApiSchedule>('DELETE', await pathOfSchedule(service, named));
    out.line(options.json === true ? json(deleted, null) : `${deleted.name} is deleted`);
  });
}
