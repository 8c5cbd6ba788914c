import { randomUUID } from 'node:crypto';
import { atService, type ServiceOptions } from '../at-service';
import type { CommandContext } from '../context';
import { EXIT } from '../exit-codes';
import { standardOutput } from '../output';
import { json } from '../terminal-text';
import { SCHEDULES, type ApiSchedule } from './api-schedule';
import { rhythmIn, type RhythmOptions } from './rhythm-options';
import { over, templateIn, type TemplateOptions } from './template-options';

/** What `schedules add` takes beside the fields of its tasks. */
export interface AddScheduleOptions extends ServiceOptions, RhythmOptions, TemplateOptions {
  readonly paused?: true;
  readonly idempotencyKey?: string;
}

/** A schedule, and the prompt of its tasks. */
export interface NamedSchedule {
  readonly named: string;
  /** - for standard input; undefined where none is given. */
  readonly prompt: string | undefined;
}

/** Makes a schedule. */
export function addSchedule(
  context: CommandContext,
  { named: name, prompt }: NamedSchedule,
  options: AddScheduleOptions,
): Promise<number> {
  return atService(options, context, async (service) => {
    const { task = { work_directory: context.cwd }, paused, idempotencyKey = randomUUID() } = options;
    const fields = await templateIn(options, prompt, context);
    const schedule = await service.ask<ApiSchedule>('POST', SCHEDULES, {
      body: {
        ...{ name, ...rhythmIn(options), task: over(task, fields) },
        ...(paused === true && { enabled: false }),
      },
      headers: { 'Idempotency-Key': idempotencyKey },
    });
    // The id alone, as of a new task.
    standardOutput().line(options.json === true ? json(schedule) : schedule.schedule_id);
    return EXIT.ok;
  });
}
