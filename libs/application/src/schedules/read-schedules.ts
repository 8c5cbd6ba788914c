import { ScheduleNotFound, type Schedule } from '@task/domain';
import type { SchedulePage, ScheduleStore } from '../ports/schedule-store';

/** Reads schedules. */
export class ReadSchedules {
  constructor(private readonly schedules: ScheduleStore) {}

  /** @throws ScheduleNotFound, StoreUnavailable */
  async one(scheduleId: string): Promise<Schedule> {
    const schedule = await this.schedules.find(scheduleId);
    if (schedule === null) throw new ScheduleNotFound(scheduleId);
    return schedule;
  }

  /** In the order of their names. @throws StoreUnavailable */
  page(limit: number, offset: number): Promise<SchedulePage> {
    return this.schedules.list(limit, offset);
  }
}
