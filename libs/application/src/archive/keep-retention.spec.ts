import type { Retention } from '@task/domain';
import { policy } from '../../../../test/support/builders';
import { ManualTimers } from '../../../../test/support/manual-timers';
import { Archive, type ArchiveStep } from '../ports/archive';
import { StoreUnavailable } from '../ports/store-unavailable';
import { KeepRetention } from './keep-retention';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Has so many steps of work, and takes down what it is asked. */
class CountingArchive extends Archive {
  readonly asked: { readonly keptMs: number; readonly after: number }[] = [];
  isAway = false;

  constructor(private steps: number) {
    super();
  }

  override async step(retention: Retention, after: number, limit: number): Promise<ArchiveStep> {
    await Promise.resolve();
    this.asked.push({ keptMs: -retention.cutoff(0), after });
    if (this.isAway) throw new StoreUnavailable('unreachable');
    this.steps -= 1;
    return { archived: 1, readTo: after + limit, hasMore: this.steps > 0 };
  }

  places(): readonly number[] {
    return this.asked.map(({ after }) => after);
  }
}

describe('KeepRetention', () => {
  let timers: ManualTimers;
  const keep = (archive: Archive, settings = policy({ retentionMs: 30 * DAY_MS })): KeepRetention => {
    timers = new ManualTimers();
    const keeper = new KeepRetention(archive, settings, timers);
    keeper.start();
    return keeper;
  };

  it('looks every minute, behind where it looked before', async () => {
    const archive = new CountingArchive(0);
    keep(archive);
    await timers.advance(MINUTE_MS - 1);
    expect(archive.asked).toEqual([]);
    await timers.advance(1 + 2 * MINUTE_MS);
    expect(archive.asked).toEqual([0, 500, 1000].map((after) => ({ keptMs: 30 * DAY_MS, after })));
  });

  it('goes on in small steps while there is more, and lets others go on between them', async () => {
    const archive = new CountingArchive(4);
    keep(archive);
    await timers.advance(MINUTE_MS);
    expect(archive.places()).toEqual([0]);
    await timers.advance(MINUTE_MS - 1);
    expect(archive.places()).toEqual([0, 500, 1000, 1500]);
  });

  it('begins anew every hour, for what it had to leave', async () => {
    const archive = new CountingArchive(0);
    keep(archive);
    await timers.advance(61 * MINUTE_MS);
    expect(archive.places().filter((after) => after === 0)).toHaveLength(2);
    expect(archive.places().at(-1)).toBe(0);
  });

  it('does nothing while nothing is to be archived, and all of it as soon as something is', async () => {
    const archive = new CountingArchive(0);
    const settings = { ...policy(), retentionMs: null as number | null };
    keep(archive, settings);
    await timers.advance(5 * MINUTE_MS);
    expect(archive.asked).toEqual([]);
    settings.retentionMs = DAY_MS;
    await timers.advance(2 * MINUTE_MS);
    settings.retentionMs = null;
    await timers.advance(MINUTE_MS);
    settings.retentionMs = 2 * DAY_MS;
    await timers.advance(MINUTE_MS);
    expect(archive.asked).toEqual([
      { keptMs: DAY_MS, after: 0 },
      { keptMs: DAY_MS, after: 500 },
      { keptMs: 2 * DAY_MS, after: 0 },
    ]);
  });

  it('tries again where it was when the database was away', async () => {
    const archive = new CountingArchive(0);
    keep(archive);
    await timers.advance(MINUTE_MS);
    archive.isAway = true;
    await timers.advance(2 * MINUTE_MS);
    archive.isAway = false;
    await timers.advance(MINUTE_MS);
    expect(archive.places()).toEqual([0, 500, 500, 500]);
  });

  it('stops', async () => {
    const archive = new CountingArchive(9);
    const keeper = keep(archive);
    await timers.advance(MINUTE_MS);
    keeper.stop();
    await timers.advance(MINUTE_MS);
    expect(archive.asked).toHaveLength(1);
    expect(timers.count).toBe(0);
  });
});
