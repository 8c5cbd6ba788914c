import type { AskedService } from '../at-service';
import { MOST_OF_A_PAGE, queryOf } from '../read-pages';

/** A schedule as the service tells it, as far as it is shown. */
export interface ApiSchedule {
  readonly schedule_id: string;
  readonly name: string;
  readonly cron: string | null;
  readonly interval_seconds: number | null;
  readonly time_zone: string;
  readonly task: Readonly<Record<string, unknown>>;
  readonly enabled: boolean;
  readonly next_run_at: string | null;
  readonly last_run_at: string | null;
  readonly last_error: { readonly code: string } | null;
}

interface Page {
  readonly schedules: readonly ApiSchedule[];
  readonly pagination: { readonly total: number; readonly has_more: boolean };
}

/** Where schedules are. */
export const SCHEDULES = '/api/v1/schedules';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The path of one schedule. @param named its id or its name; what is neither, the service does not find */
export async function pathOfSchedule(
  service: Pick<AskedService, 'ask'>,
  named: string,
  part = '',
): Promise<string> {
  const id = UUID.test(named) ? named : await idOf(service, named);
  return `${SCHEDULES}/${encodeURIComponent(id)}${part}`;
}

/** All pages of them, in the order of their names. */
export async function* schedulePages(service: Pick<AskedService, 'ask'>): AsyncGenerator<Page> {
  for (let offset = 0; ;) {
    const query = queryOf({ limit: String(MOST_OF_A_PAGE), offset: String(offset) });
    const page = await service.ask<Page>('GET', `${SCHEDULES}${query}`);
    yield page;
    offset += page.schedules.length;
    if (!page.pagination.has_more || page.schedules.length === 0) return;
  }
}

async function idOf(service: Pick<AskedService, 'ask'>, name: string): Promise<string> {
  for await (const { schedules } of schedulePages(service)) {
    const found = schedules.find((schedule) => schedule.name === name);
    if (found !== undefined) return found.schedule_id;
  }
  return name;
}
