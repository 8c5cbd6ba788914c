import { DEFAULT_TIME_ZONE, SCHEDULE_RULES, type MissedPolicy } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { Part } from '../../shared/validation/items';
import { TaskTemplateBody } from '../dto/task-template.body';

const NAME = {
  description: 'Its own among all schedules; its tasks are created by `schedule:<name>`',
  example: 'nightly-report',
};
const TASK = {
  description: 'What each of its tasks is made of: the fields of a new task, without a time of its own',
  example: { work_directory: '/srv/reports', prompt: 'Write the report of yesterday', priority: 'low' },
};

/** When a schedule comes, and what becomes of what it misses. */
class RhythmBody {
  @Field(SCHEDULE_RULES.cron, {
    description:
      'Minute, hour, day of the month, month and day of the week in its time zone; or a word such as `@daily`. Either this or `interval_seconds`',
    example: '30 2 * * 1-5',
  })
  declare readonly cron?: string;

  @Field(SCHEDULE_RULES.intervalSeconds, {
    description: 'Every so many seconds, counted from when it was made. Either this or `cron`',
    example: 900,
  })
  declare readonly interval_seconds?: number;

  @Field(SCHEDULE_RULES.timeZone, {
    description: 'Where the times of `cron` are those of the clock on the wall: an IANA name',
    example: 'Europe/Berlin',
    byDefault: DEFAULT_TIME_ZONE,
  })
  declare readonly time_zone?: string;

  @Field(SCHEDULE_RULES.missed, {
    description:
      'What becomes of occurrences that are more than a minute late: `once` makes one task for all of them, `skip` none',
    example: 'skip',
    byDefault: 'once',
  })
  declare readonly missed?: MissedPolicy;

  @Field(SCHEDULE_RULES.isEnabled, {
    description: 'Whether it makes tasks by itself; false pauses it',
    example: false,
    byDefault: true,
  })
  declare readonly enabled?: boolean;
}

/** A new schedule. */
export class CreateScheduleBody extends RhythmBody {
  @Field(SCHEDULE_RULES.name, { ...NAME, required: true })
  declare readonly name: string;

  @Part(TaskTemplateBody, { ...TASK, required: true })
  declare readonly task: TaskTemplateBody;
}

/** What is to be changed of a schedule: what is left out stays. */
export class ChangeScheduleBody extends RhythmBody {
  @Field(SCHEDULE_RULES.name, NAME)
  declare readonly name?: string;

  @Part(TaskTemplateBody, { ...TASK, description: `${TASK.description}. Takes the place of the former one` })
  declare readonly task?: TaskTemplateBody;
}
