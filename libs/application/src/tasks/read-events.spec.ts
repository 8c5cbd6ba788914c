import { EventLog, type EventFilter, type EventPage } from '../ports/event-log';
import type { HistoryEntry } from '../ports/task-store';
import { ReadEvents } from './read-events';

function historyEntry(changes: Partial<HistoryEntry>): HistoryEntry {
  return {
    ...{ eventId: 1, taskId: 'a', version: 1, command: 'create', from: null, to: 'waiting' },
    ...{ attempt: 0, workerId: null, at: 0, details: null },
    ...changes,
  };
}

/** A log that keeps the events between two places, and takes down what it is asked. */
class KeptLog extends EventLog {
  readonly asked: { readonly after: number; readonly limit: number; readonly filter: EventFilter }[] = [];

  constructor(
    private readonly oldest: number,
    private readonly newest: number,
    private readonly events: readonly HistoryEntry[] = [],
  ) {
    super();
  }

  override read(after: number, limit: number, filter: EventFilter): Promise<EventPage> {
    this.asked.push({ after, limit, filter });
    const { events } = this;
    return Promise.resolve({ events, readTo: Math.min(after + limit, this.newest), hasMore: false });
  }

  override bounds(): Promise<{ oldest: number; newest: number }> {
    return Promise.resolve({ oldest: this.oldest, newest: this.newest });
  }
}

describe('ReadEvents', () => {
  it('reads what is behind a place, a bounded page of it, as the reader wants it', async () => {
    const log = new KeptLog(1, 2_000);
    const filter = { taskId: 'a', commands: ['claim'] } as const;
    const read = await new ReadEvents(log).execute({ after: 7, filter });
    expect(read).toMatchObject({ kind: 'page', page: { readTo: 507 } });
    expect(log.asked).toEqual([{ after: 7, limit: 500, filter }]);
  });

  it.each([
    ['from the start of a whole log', 0, 1, 10],
    ['from its end', 10, 1, 10],
    ['where nothing has happened yet', 0, 0, 0],
    ['right in front of the oldest event kept', 4, 5, 10],
  ])('reads on %s', async (_, after, oldest, newest) => {
    const read = await new ReadEvents(new KeptLog(oldest, newest)).execute({ after, filter: {} });
    expect(read.kind).toBe('page');
  });

  it.each([
    ['has missed some for good', 3, 5, 10],
    ['has missed all from the start', 0, 2, 10],
    ['is ahead of the log', 11, 1, 10],
    ['is ahead of an empty log', 1, 0, 0],
  ])('tells a reader who %s to begin anew', async (_, after, oldest, newest) => {
    const log = new KeptLog(oldest, newest);
    expect(await new ReadEvents(log).execute({ after, filter: {} })).toEqual({ kind: 'reset', oldest });
  });

  it('tells a reader behind a log that keeps nothing any more where it goes on', async () => {
    const log = new KeptLog(0, 10);
    expect(await new ReadEvents(log).execute({ after: 9, filter: {} })).toEqual({
      kind: 'reset',
      oldest: 11,
    });
    expect(await new ReadEvents(log).execute({ after: 10, filter: {} })).toMatchObject({ kind: 'page' });
  });

  it('tells a reader of one task to begin anew only when something of that task is gone', async () => {
    const filter = { taskId: 'a' };
    const whole = new KeptLog(5, 10, [historyEntry({ eventId: 7, command: 'create' })]);
    expect(await new ReadEvents(whole).execute({ after: 2, filter })).toMatchObject({ kind: 'page' });
    const cut = new KeptLog(5, 10, [historyEntry({ eventId: 7, command: 'claim' })]);
    expect(await new ReadEvents(cut).execute({ after: 2, filter })).toEqual({ kind: 'reset', oldest: 5 });
    const gone = new KeptLog(5, 10, []);
    expect(await new ReadEvents(gone).execute({ after: 2, filter })).toEqual({ kind: 'reset', oldest: 5 });
    expect(await new ReadEvents(whole).execute({ after: 11, filter })).toMatchObject({ kind: 'reset' });
  });

  it('tells the last event that happened', async () => {
    expect(await new ReadEvents(new KeptLog(5, 10)).latest()).toBe(10);
  });
});
