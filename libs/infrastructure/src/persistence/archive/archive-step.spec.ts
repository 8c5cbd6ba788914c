import { Retention } from '@task/domain';
import { planStep, type PlannedStep } from './archive-step';
import { ArchiveTables, type Candidate, type LoggedEnd } from './archive-tables';

const NOW = 1_000;
const COMPLETED = 2;
const FAILED = 3;
const WAITING = 0;
/** What ended at 900 or earlier is over. */
const RETENTION = new Retention(100);

const end = (eventId: number, seq: number, at = 500, status = COMPLETED): LoggedEnd => ({
  ...{ event_id: eventId, seq, at, to_status: status },
});
const task = (seq: number, changes: Partial<Candidate> = {}): Candidate => ({
  ...{ seq, status: COMPLETED, updated_at: 500, version: 3, bytes: 100 },
  ...changes,
});

/** Plans a step over these events, of which these tasks can be had. */
function plan(
  log: readonly LoggedEnd[],
  tasks: readonly Candidate[],
  { limit = 100, inUse = [] as readonly number[] } = {},
): Promise<PlannedStep> {
  const query = async <Row extends object>(name: string, _: string, [value]: readonly unknown[]) => {
    await Promise.resolve();
    const wanted = name === 'archive-candidates' ? (JSON.parse(String(value)) as number[]) : [];
    const rows =
      name === 'log-of-ends' ? log.slice(0, limit) : tasks.filter(({ seq }) => wanted.includes(seq));
    return rows as readonly object[] as readonly Row[];
  };
  const tables = new ArchiveTables(query, 'sqlite');
  return planStep(tables, { retention: RETENTION, after: 0, limit }, (seq) => inUse.includes(seq), NOW);
}

describe('planStep', () => {
  it('takes the tasks that ended, in the order of their ends', async () => {
    const log = [end(1, 7, 400, WAITING), end(2, 9), end(3, 8, 500, FAILED)];
    const step = await plan(log, [task(8, { status: FAILED }), task(9), task(7)]);
    expect(step).toEqual({ seqs: [9, 8], readTo: 3, hasMore: false });
  });

  it('looks no further than at what is old enough', async () => {
    const step = await plan([end(1, 1), end(2, 2, 901)], [task(1), task(2)]);
    expect(step).toEqual({ seqs: [1], readTo: 1, hasMore: false });
  });

  it('is not held up by events of a time when the clock was wrong', async () => {
    const step = await plan(
      [end(1, 1), end(2, 2, 99_999), end(3, 3)],
      [task(1), task(2, { updated_at: 99_999 }), task(3)],
    );
    expect(step).toEqual({ seqs: [1, 3], readTo: 3, hasMore: false });
  });

  it('leaves what went on since, what others hold, and what this group has to do with', async () => {
    const log = [end(1, 1), end(2, 2), end(3, 3), end(4, 4)];
    const tasks = [task(1, { status: WAITING }), task(2, { updated_at: 950 }), task(4)];
    expect((await plan(log, tasks, { inUse: [4] })).seqs).toEqual([]);
  });

  it('takes a task once that ended twice', async () => {
    expect((await plan([end(1, 5, 500, FAILED), end(2, 5)], [task(5)])).seqs).toEqual([5]);
  });

  it('moves about 200 rows of history, and goes on at the first that it left', async () => {
    const log = Array.from({ length: 20 }, (_, index) => end(index + 1, index + 1));
    const tasks = log.map(({ seq }) => task(seq, { version: 20 }));
    expect(await plan(log, tasks)).toEqual({
      seqs: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      readTo: 10,
      hasMore: true,
    });
  });

  it('moves about 2 MiB of texts', async () => {
    const log = [end(1, 1), end(2, 2), end(3, 3)];
    const tasks = log.map(({ seq }) => task(seq, { bytes: 0.9 * 1024 * 1024 }));
    expect(await plan(log, tasks)).toEqual({ seqs: [1, 2], readTo: 2, hasMore: true });
  });

  it('moves a task by itself that is more than that', async () => {
    const step = await plan([end(1, 1), end(2, 2)], [task(1, { version: 9_000 }), task(2)]);
    expect(step).toEqual({ seqs: [1], readTo: 1, hasMore: true });
  });

  it('has more behind a full page', async () => {
    const log = Array.from({ length: 9 }, (_, index) => end(index + 1, index + 1));
    expect(await plan(log, [], { limit: 4 })).toEqual({ seqs: [], readTo: 4, hasMore: true });
  });
});
