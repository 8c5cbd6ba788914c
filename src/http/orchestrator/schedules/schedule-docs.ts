import { InvalidSchedule, ScheduleNameTaken, ScheduleNotFound } from '@task/domain';
import type { EndpointDoc, ParamDoc } from '../../shared/docs/endpoint';
import { Refusal } from '../../shared/failures/refusal';
import { answers, fails } from '../docs/envelope-docs';
import {
  ALWAYS_POSSIBLE,
  BAD_PATH,
  needsRole,
  NOT_TAKEN,
  REPEATABLE,
  UNKNOWN_FIELD,
  WITH_A_BODY,
} from '../docs/failure-examples';
import { TASK_ID } from '../docs/task-examples';
import { CreatedTask } from '../views/outcome.views';
import { RunScheduleBody } from './run-schedule.body';
import { ChangeScheduleBody, CreateScheduleBody } from './schedule.bodies';
import { ScheduleList, ScheduleView } from './schedule.views';

const tag = 'schedules';
const SCHEDULE_ID = '7d4c1f0e-2b86-4a53-9c39-5f0d8d1b6a42';

const REQUEST = {
  name: 'nightly-report',
  cron: '30 2 * * 1-5',
  time_zone: 'Europe/Berlin',
  task: { work_directory: '/srv/reports', prompt: 'Write the report of yesterday', priority: 'low' },
} as const satisfies CreateScheduleBody;

const SCHEDULE = {
  ...{ schedule_id: SCHEDULE_ID, name: REQUEST.name, cron: REQUEST.cron, interval_seconds: null },
  ...{ time_zone: REQUEST.time_zone, task: REQUEST.task, missed: 'once', enabled: true },
  ...{ next_run_at: '2025-08-19T00:30:00.000Z', last_run_at: null, last_task_id: null, last_error: null },
  ...{ created_at: '2025-08-18T10:00:00.000Z', created_by: 'ci-pipeline' },
  ...{ updated_at: '2025-08-18T10:00:00.000Z', updated_by: 'ci-pipeline' },
} as const satisfies ScheduleView;

const HAS_RUN = {
  ...SCHEDULE,
  ...{
    next_run_at: '2025-08-20T00:30:00.000Z',
    last_run_at: '2025-08-19T00:30:00.021Z',
    last_task_id: TASK_ID,
  },
} as const satisfies ScheduleView;

const IS_HELD_UP = {
  ...HAS_RUN,
  last_error: {
    ...{ code: 'QUEUE_FULL', message: '10000000 tasks wait already', at: '2025-08-20T00:30:00.020Z' },
  },
} as const satisfies ScheduleView;

const PAUSED = { ...SCHEDULE, enabled: false, next_run_at: null } as const satisfies ScheduleView;

const CREATED = {
  ...{ task_id: TASK_ID, status: 'waiting', priority: 'low', work_directory: '/srv/reports', tags: [] },
  created_at: '2025-08-18T10:00:00.000Z',
} as const satisfies CreatedTask;

const OF_ONE: readonly ParamDoc[] = [
  {
    name: 'schedule_id',
    description: 'The id of a schedule',
    schema: { type: 'string', format: 'uuid', example: SCHEDULE_ID },
  },
];

const NO_SUCH = { ...BAD_PATH, no_such_schedule: new ScheduleNotFound(SCHEDULE_ID) };
const NOT_UNDERSTOOD = {
  ...UNKNOWN_FIELD,
  wrong_fields: new InvalidSchedule([
    { field: 'cron', reason: 'not_cron', constraints: { example: '30 2 * * 1-5' } },
    { field: 'timeZone', reason: 'not_time_zone', constraints: { examples: ['UTC', 'Europe/Berlin'] } },
  ]),
  never_comes: new InvalidSchedule([{ field: 'cron', reason: 'never_occurs', constraints: {} }]),
  name_taken: new ScheduleNameTaken(REQUEST.name),
};
const FROM_ANOTHER_SITE = { from_another_site: new Refusal('cross_site', { reason: 'cross_site' }) };
const { prompt_says_nothing: PROMPT_SAYS_NOTHING } = NOT_TAKEN;

/** POST /api/v1/schedules */
export const CREATE_SCHEDULE: EndpointDoc = {
  id: 'createSchedule',
  tag,
  summary: 'Make a schedule',
  description:
    'Makes a task at every occurrence of a cron expression, or every so many seconds. The task is checked now, and again each time: what is refused then is told in `last_error`, and tried again at the next occurrence.',
  isRepeatable: true,
  request: { type: CreateScheduleBody, required: true, example: REQUEST },
  answers: () => [
    answers(201, ScheduleView, { made: SCHEDULE }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...WITH_A_BODY,
      ...REPEATABLE,
      ...needsRole('producer'),
      ...NOT_UNDERSTOOD,
      ...(PROMPT_SAYS_NOTHING !== undefined && { prompt_says_nothing: PROMPT_SAYS_NOTHING }),
    }),
  ],
};

/** GET /api/v1/schedules */
export const LIST_SCHEDULES: EndpointDoc = {
  id: 'listSchedules',
  tag,
  summary: 'List schedules',
  description: 'Schedules in the order of their names, page by page.',
  answers: () => [
    answers(200, ScheduleList, {
      page: { schedules: [HAS_RUN], pagination: { total: 1, limit: 100, offset: 0, has_more: false } },
    }),
    ...fails({ ...ALWAYS_POSSIBLE, ...needsRole('reader'), ...UNKNOWN_FIELD }),
  ],
};

/** GET /api/v1/schedules/{schedule_id} */
export const GET_SCHEDULE: EndpointDoc = {
  id: 'getSchedule',
  tag,
  params: OF_ONE,
  summary: 'Read a schedule',
  description: 'Tells when it comes next, when it came last, and which task it made then.',
  answers: () => [
    answers(200, ScheduleView, { has_run: HAS_RUN, queue_was_full: IS_HELD_UP }),
    ...fails({ ...ALWAYS_POSSIBLE, ...needsRole('reader'), ...NO_SUCH }),
  ],
};

/** PATCH /api/v1/schedules/{schedule_id} */
export const CHANGE_SCHEDULE: EndpointDoc = {
  id: 'changeSchedule',
  tag,
  params: OF_ONE,
  summary: 'Change, pause or resume a schedule',
  description:
    'Changes what the body names. With another rhythm, and when it is enabled again, the next occurrence is the first one from now on. `cron` takes the place of an interval, and the other way round.',
  request: { type: ChangeScheduleBody, required: true, example: { enabled: false } },
  answers: () => [
    answers(200, ScheduleView, { paused: PAUSED }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...WITH_A_BODY,
      ...needsRole('producer'),
      ...NO_SUCH,
      ...NOT_UNDERSTOOD,
      ...FROM_ANOTHER_SITE,
      ...(PROMPT_SAYS_NOTHING !== undefined && { prompt_says_nothing: PROMPT_SAYS_NOTHING }),
    }),
  ],
};

/** DELETE /api/v1/schedules/{schedule_id} */
export const DELETE_SCHEDULE: EndpointDoc = {
  id: 'deleteSchedule',
  tag,
  params: OF_ONE,
  summary: 'Delete a schedule',
  description: 'From this answer on it makes no task. Those that it has made stay; its name is free again.',
  answers: () => [
    answers(200, ScheduleView, { deleted: HAS_RUN }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...WITH_A_BODY,
      ...needsRole('producer'),
      ...NO_SUCH,
      ...FROM_ANOTHER_SITE,
    }),
  ],
};

/** POST /api/v1/schedules/{schedule_id}/run */
export const RUN_SCHEDULE: EndpointDoc = {
  id: 'runSchedule',
  tag,
  params: OF_ONE,
  summary: 'Let a schedule run now',
  description:
    'Makes a task of the schedule now, also of one that is paused; its next occurrence stays. Needs no body, and takes no field in one.',
  isRepeatable: true,
  request: { type: RunScheduleBody, required: false, example: {} },
  answers: () => [
    answers(201, CreatedTask, { created: CREATED }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...WITH_A_BODY,
      ...REPEATABLE,
      ...needsRole('producer'),
      ...NO_SUCH,
      ...UNKNOWN_FIELD,
      ...NOT_TAKEN,
    }),
  ],
};
