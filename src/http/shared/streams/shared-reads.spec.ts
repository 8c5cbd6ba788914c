import { EventLog, ReadEvents, type EventPage } from '@task/application';
import { SharedReads } from './shared-reads';

class CountingLog extends EventLog {
  reads = 0;
  fails = false;

  override async read(after: number): Promise<EventPage> {
    this.reads += 1;
    await Promise.resolve();
    if (this.fails) throw new Error('broken');
    return { events: [], readTo: after, hasMore: false };
  }

  override bounds(): Promise<{ oldest: number; newest: number }> {
    return Promise.resolve({ oldest: 1, newest: 9 });
  }
}

describe('SharedReads', () => {
  let log: CountingLog;
  let reads: SharedReads;

  beforeEach(() => {
    log = new CountingLog();
    reads = new SharedReads(new ReadEvents(log));
  });

  it('reads once for all that ask the same at the same time', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => reads.read({ after: 4, filter: {} }, 1)));
    expect(log.reads).toBe(1);
    expect(new Set(answers).size).toBe(1);
  });

  it('reads for each place and each filter', async () => {
    await Promise.all([
      reads.read({ after: 4, filter: {} }, 1),
      reads.read({ after: 5, filter: {} }, 1),
      reads.read({ after: 4, filter: { taskId: 'a' } }, 1),
    ]);
    expect(log.reads).toBe(3);
  });

  it('does not let a read that runs already answer for what was written meanwhile', async () => {
    await Promise.all([1, 2].map((round) => reads.read({ after: 4, filter: {} }, round)));
    expect(log.reads).toBe(2);
  });

  it('reads anew for who asks later, also after a failure', async () => {
    log.fails = true;
    await expect(reads.read({ after: 4, filter: {} }, 1)).rejects.toThrow('broken');
    log.fails = false;
    await expect(reads.read({ after: 4, filter: {} }, 1)).resolves.toMatchObject({ kind: 'page' });
    expect(log.reads).toBe(2);
  });
});
