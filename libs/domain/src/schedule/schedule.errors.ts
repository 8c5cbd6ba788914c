import { DomainError } from '../domain-error';
import type { Violation } from '../rules/rule';

/** Fields of a schedule that break their rules; nothing was stored. */
export class InvalidSchedule extends DomainError {
  readonly code = 'schedule.invalid';
  constructor(readonly violations: readonly Violation[]) {
    super(`invalid: ${violations.map(({ field, reason }) => `${field} ${reason}`).join(', ')}`);
  }
}

/** No schedule has this id. */
export class ScheduleNotFound extends DomainError {
  readonly code = 'schedule.not_found';
  constructor(readonly scheduleId: string) {
    super(`no schedule ${scheduleId}`);
  }
}

/** Another schedule has this name: which of them made a task could not be told. */
export class ScheduleNameTaken extends DomainError {
  readonly code = 'schedule.name_taken';
  constructor(readonly scheduleName: string) {
    super(`a schedule called ${scheduleName} is there already`);
  }
}
