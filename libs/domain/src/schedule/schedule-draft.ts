import { violationsOf, type Reason, type Violation } from '../rules/rule';
import type { EpochMs } from '../task/epoch-ms';
import { occurrenceAfter } from './occurrence-after';
import type { Recurrence } from './recurrence';
import type { Rhythm, Schedule, TaskTemplate } from './schedule';
import { InvalidSchedule } from './schedule.errors';
import { DEFAULT_TIME_ZONE, SCHEDULE_RULES, type MissedPolicy } from './schedule-rules';

/** What somebody asks of a new schedule: a cron expression or an interval. */
export interface ScheduleDraft {
  readonly name: string;
  readonly cron?: string | undefined;
  readonly intervalSeconds?: number | undefined;
  /** Default UTC. */
  readonly timeZone?: string | undefined;
  readonly task: TaskTemplate;
  /** Default `once`. */
  readonly missed?: MissedPolicy | undefined;
  /** Default true. */
  readonly isEnabled?: boolean | undefined;
}

/** What somebody asks to be changed: what is left out stays. */
export type ScheduleChanges = Partial<ScheduleDraft>;

const REQUIRED = ['name', 'task'] as const;

/**
 * A new schedule. Its interval counts from now.
 * @throws InvalidSchedule with everything that is wrong, a rhythm that never comes included
 */
export function newSchedule(
  draft: ScheduleDraft,
  { id, actor, now }: { readonly id: string; readonly actor: string; readonly now: EpochMs },
  recurrence: Recurrence,
): Schedule {
  checkDraft(draft, recurrence);
  const { name, cron = null, intervalSeconds = null, timeZone = DEFAULT_TIME_ZONE, task } = draft;
  const { missed = 'once', isEnabled = true } = draft;
  const rhythm: Rhythm = { cron, intervalSeconds, timeZone, anchorAt: now };
  const nextAt = firstOf(rhythm, now, recurrence);
  return {
    ...{ id, name, ...rhythm, task, missed, isEnabled, nextAt: isEnabled ? nextAt : null },
    ...{ lastAt: null, lastTaskId: null, lastError: null },
    ...{ createdAt: now, createdBy: actor, updatedAt: now, updatedBy: actor, version: 1 },
  };
}

/**
 * The schedule as somebody changed it. With another rhythm, and when it is enabled again, the next occurrence is the
 * first one from now on: nothing of the time in between is made up for.
 * @throws InvalidSchedule with everything that is wrong
 */
export function changedSchedule(
  schedule: Schedule,
  changes: ScheduleChanges,
  { actor, now }: { readonly actor: string; readonly now: EpochMs },
  recurrence: Recurrence,
): Schedule {
  checkChanges(changes, recurrence);
  const { name = schedule.name, task = schedule.task, missed = schedule.missed } = changes;
  const { isEnabled = schedule.isEnabled } = changes;
  const rhythm = changedRhythm(schedule, changes, now);
  const isAnother = !isSameRhythm(schedule, rhythm);
  const goesOn = isEnabled && schedule.isEnabled && !isAnother;
  const nextAt = goesOn ? schedule.nextAt : firstOf(rhythm, now, recurrence);
  return {
    ...{ ...schedule, name, task, missed, isEnabled, ...rhythm },
    ...{ nextAt: isEnabled ? nextAt : null, updatedAt: now, updatedBy: actor },
    version: schedule.version + 1,
  };
}

/** Checks what is asked of a new schedule, its task aside. @throws InvalidSchedule with everything that is wrong */
function checkDraft(draft: ScheduleDraft, recurrence: Recurrence): void {
  const given: Readonly<Record<string, unknown>> = { ...draft };
  const missing = REQUIRED.filter((field) => given[field] === undefined);
  const violations = missing.map((field) => violation(field, 'required'));
  if (draft.cron === undefined && draft.intervalSeconds === undefined) {
    violations.push(violation('cron', 'required'));
  }
  refuse([...violations, ...violationsIn(draft, recurrence)]);
}

function checkChanges(changes: ScheduleChanges, recurrence: Recurrence): void {
  refuse(violationsIn(changes, recurrence));
}

function violationsIn(draft: ScheduleChanges, recurrence: Recurrence): readonly Violation[] {
  const { cron, intervalSeconds } = draft;
  const found = violationsOf({ ...draft }, SCHEDULE_RULES);
  if (cron !== undefined && intervalSeconds !== undefined) {
    found.push(violation('intervalSeconds', 'not_together', { other: 'cron' }));
  }
  const isText = cron !== undefined && !found.some(({ field }) => field === 'cron');
  if (isText && !recurrence.understands(cron)) {
    found.push(violation('cron', 'not_cron', { example: '30 2 * * 1-5' }));
  }
  return found;
}

/** An expression takes the place of an interval, and the other way round; a new interval counts from now. */
function changedRhythm(schedule: Schedule, changes: ScheduleChanges, now: EpochMs): Rhythm {
  const { timeZone = schedule.timeZone, cron, intervalSeconds } = changes;
  if (cron !== undefined) return { cron, intervalSeconds: null, timeZone, anchorAt: schedule.anchorAt };
  if (intervalSeconds !== undefined && intervalSeconds !== schedule.intervalSeconds) {
    return { cron: null, intervalSeconds, timeZone, anchorAt: now };
  }
  const { cron: former, intervalSeconds: every, anchorAt } = schedule;
  return { cron: former, intervalSeconds: every, timeZone, anchorAt };
}

function isSameRhythm(one: Rhythm, other: Rhythm): boolean {
  return (
    one.cron === other.cron &&
    one.intervalSeconds === other.intervalSeconds &&
    (one.cron === null || one.timeZone === other.timeZone)
  );
}

function firstOf(rhythm: Rhythm, now: EpochMs, recurrence: Recurrence): EpochMs {
  const first = occurrenceAfter(rhythm, now, recurrence);
  if (first === null) throw new InvalidSchedule([violation('cron', 'never_occurs')]);
  return first;
}

function violation(field: string, reason: Reason, constraints: Violation['constraints'] = {}): Violation {
  return { field, reason, constraints };
}

function refuse(violations: readonly Violation[]): void {
  if (violations.length > 0) throw new InvalidSchedule(violations);
}
