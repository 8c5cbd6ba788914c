import { FixedClock } from '../../../../test/support/fixed-clock';
import { ManualTimers } from '../../../../test/support/manual-timers';
import { Notebook } from '../../../../test/support/notebook';
import { StoreUnavailable } from '../ports/store-unavailable';
import { RefusedAccess, type Refused } from './refused-access';

const MINUTE_MS = 60_000;

describe('RefusedAccess', () => {
  let audit: Notebook;
  let timers: ManualTimers;
  let refused: RefusedAccess;

  beforeEach(() => {
    const clock = new FixedClock();
    audit = new Notebook();
    timers = new ManualTimers(clock);
    refused = new RefusedAccess(audit, clock, timers);
  });

  const note = (changes: Partial<Refused> = {}): void => {
    const crowd = changes.crowd ?? '192.0.2.1';
    refused.note({
      ...{ crowd, actor: null, reason: 'unauthorized', route: 'GET /api/v1/tasks' },
      origin: { address: crowd, requestId: 'r-1' },
      ...changes,
    });
  };
  const counts = (): (number | undefined)[] => audit.records.map(({ count }) => count);

  it('writes down at the end of the minute what was refused, with the first of it and the span', async () => {
    note();
    await timers.advance(10_000);
    note({ route: 'DELETE /api/v1/keys/:key_id', origin: { address: '192.0.2.1', requestId: 'r-2' } });
    expect(audit.records).toEqual([]);
    await timers.advance(MINUTE_MS);
    expect(audit.records).toEqual([
      {
        ...{
          actor: null,
          action: 'access.refused',
          outcome: 'refused',
          target: 'GET /api/v1/tasks',
          count: 2,
        },
        origin: { address: '192.0.2.1', requestId: 'r-1' },
        details: {
          reason: 'unauthorized',
          since: '2025-08-18T10:00:00.000Z',
          until: '2025-08-18T10:00:10.000Z',
        },
      },
    ]);
  });

  it('makes one row a minute of however many', async () => {
    for (let request = 0; request < 10_000; request += 1) note();
    await timers.advance(MINUTE_MS);
    note();
    await timers.advance(MINUTE_MS);
    expect(counts()).toEqual([10_000, 1]);
  });

  it('tells apart who, from where and why', async () => {
    note();
    note({ crowd: '192.0.2.2' });
    note({ actor: 'ci', reason: 'forbidden' });
    note({ reason: 'cross_site' });
    await refused.flush();
    expect(counts()).toEqual([1, 1, 1, 1]);
  });

  it('counts a flood from everywhere as one once a thousand are told apart', async () => {
    for (let host = 0; host < 5_000; host += 1) note({ crowd: `host-${host}` });
    note({ crowd: 'host-7' });
    await refused.flush();
    expect(counts()).toHaveLength(1_001);
    expect(audit.records[7]?.count).toBe(2);
    expect(audit.records.at(-1)).toMatchObject({ count: 4_000, actor: null, origin: { address: null } });
  });

  it('counts on when it cannot be written down, and loses none', async () => {
    const record = audit.record.bind(audit);
    note();
    audit.record = () => {
      note();
      return Promise.reject(new StoreUnavailable('unreachable'));
    };
    await expect(refused.flush()).rejects.toThrow(StoreUnavailable);
    audit.record = record;
    note();
    await timers.advance(MINUTE_MS);
    expect(counts()).toEqual([3]);
  });

  it('keeps no timer when there is nothing to write', async () => {
    await refused.flush();
    expect(timers.count).toBe(0);
    note();
    await refused.flush();
    expect([timers.count, counts()]).toEqual([0, [1]]);
  });
});
