import { pathOfSchedule } from './api-schedule';

const ID = '7d4c1f0e-2b86-4a53-9c39-5f0d8d1b6a42';

/** A service with 1 500 schedules, s0 to s1499, which remembers what it was asked. */
class Schedules {
  readonly asked: string[] = [];

  ask<Data>(_method: string, path: string): Promise<Data> {
    this.asked.push(path);
    const offset = Number(new URLSearchParams(path.split('?')[1]).get('offset'));
    const schedules = Array.from({ length: Math.min(1_000, 1_500 - offset) }, (_, index) => ({
      ...{ schedule_id: `id-${offset + index}`, name: `s${offset + index}` },
    }));
    const pagination = { total: 1_500, has_more: offset + schedules.length < 1_500 };
    return Promise.resolve({ schedules, pagination } as Data);
  }
}

describe('the path of a schedule', () => {
  it.each([
    ['an id, without a look', ID, `/api/v1/schedules/${ID}/run`, 0],
    ['a name on the first page', 's7', '/api/v1/schedules/id-7/run', 1],
    ['a name on a later page', 's1499', '/api/v1/schedules/id-1499/run', 2],
    ['a name that nothing has, for the service to refuse', 'a/b', '/api/v1/schedules/a%2Fb/run', 2],
  ])('is told of %s', async (_, named, path, looks) => {
    const schedules = new Schedules();
    expect([await pathOfSchedule(schedules, named, '/run'), schedules.asked.length]).toEqual([path, looks]);
  });
});
