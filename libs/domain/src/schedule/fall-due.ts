import type { DomainError } from '../domain-error';
import type { EpochMs } from '../task/epoch-ms';
import { occurrenceAfter } from './occurrence-after';
import type { Recurrence } from './recurrence';
import type { RunFailure, Schedule } from './schedule';

/** As late as this, an occurrence still counts as looked at in time; later it was missed. */
export const ON_TIME_MS = 60_000;

/** An occurrence that is due, and what comes after it. */
export interface DueOccurrence {
  /** When it should have come; null when it was missed and is passed over. */
  readonly at: EpochMs | null;
  readonly nextAt: EpochMs | null;
}

/**
 * The occurrence of a schedule that is due now, or null. Each that is looked at in time comes by itself, however many
 * there are; those that are later than {@link ON_TIME_MS} are missed, and come together as one, or not at all.
 */
export function dueOccurrence(
  schedule: Schedule,
  now: EpochMs,
  recurrence: Recurrence,
): DueOccurrence | null {
  const { nextAt: at, missed } = schedule;
  if (at === null || at > now) return null;
  const isMissed = now - at > ON_TIME_MS;
  const nextAt = occurrenceAfter(schedule, isMissed ? now - ON_TIME_MS - 1 : at, recurrence);
  return { at: isMissed && missed === 'skip' ? null : at, nextAt };
}

/** The schedule, once it has made a task. @param nextAt its next occurrence, unless this leaves that as it is */
export function ran(
  schedule: Schedule,
  taskId: string,
  now: EpochMs,
  nextAt: EpochMs | null = schedule.nextAt,
): Schedule {
  return written({ ...schedule, nextAt, lastAt: now, lastTaskId: taskId, lastError: null });
}

/** The schedule, once an occurrence has been passed over because it was missed. */
export function passedOver(schedule: Schedule, nextAt: EpochMs | null): Schedule {
  return written({ ...schedule, nextAt });
}

/** The schedule, once a rule has refused the task of an occurrence: it is tried again with the next one. */
export function refused(
  schedule: Schedule,
  error: DomainError,
  now: EpochMs,
  nextAt: EpochMs | null,
): Schedule {
  return written({ ...schedule, nextAt, lastError: failureOf(error, now) });
}

/** The schedule while the queue takes no task: its occurrence stays due. Told once, not at every attempt. */
export function heldUp(schedule: Schedule, error: DomainError, now: EpochMs): Schedule {
  if (schedule.lastError?.code === error.code) return schedule;
  return written({ ...schedule, lastError: failureOf(error, now) });
}

function failureOf({ code, message }: DomainError, at: EpochMs): RunFailure {
  return { code, message, at };
}

function written(schedule: Schedule): Schedule {
  return { ...schedule, version: schedule.version + 1 };
}
