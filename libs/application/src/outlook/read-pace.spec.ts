import { NOW } from '../../../../test/support/builders';
import { FixedClock } from '../../../../test/support/fixed-clock';
import { KnownTypes, typeCount } from '../../../../test/support/known-types';
import { KnownWorkers } from '../../../../test/support/known-workers';
import { ManualTimers } from '../../../../test/support/manual-timers';
import type { WorkerRecord } from '../ports/worker-directory';
import { ReadPace } from './read-pace';

const worker = (workerId: string, lastSeen: number): WorkerRecord => ({
  ...{ workerId, firstSeen: 0, lastSeen, claimed: 0, completed: 0, failed: 0, lost: 0 },
  ...{ processingMs: 0, holds: [] },
});

describe('ReadPace', () => {
  let types: KnownTypes;
  let timers: ManualTimers;
  let readPace: ReadPace;

  beforeEach(() => {
    types = new KnownTypes([typeCount('ocr', { completed: 4, failed: 9 }, 10_000), typeCount('new', {})]);
    timers = new ManualTimers();
    const workers = new KnownWorkers([worker('alive', NOW - 60_000), worker('gone', NOW - 60_001)]);
    readPace = new ReadPace(types, workers, new FixedClock(), timers);
  });

  it('tells the mean time of a type, and how many workers are alive', async () => {
    expect(await readPace.execute('ocr', 60_000)).toEqual({ meanMs: 2_500, workersAlive: 1 });
  });

  it.each(['new', 'unheard_of'])('knows no mean time of %s, of which nothing was completed', async (type) => {
    expect(await readPace.execute(type, 60_000)).toEqual({ meanMs: null, workersAlive: 1 });
  });

  it('looks once a second at most for each type, however many ask', async () => {
    await Promise.all([1, 2, 3].map(() => readPace.execute('ocr', 60_000)));
    await readPace.execute('new', 60_000);
    await timers.advance(999);
    await readPace.execute('ocr', 60_000);
    expect(types.asked).toHaveLength(2);
    types.known = [typeCount('ocr', { completed: 1 }, 7_000)];
    await timers.advance(1);
    expect(await readPace.execute('ocr', 60_000)).toMatchObject({ meanMs: 7_000 });
  });

  it('does not tell a failure to whoever asks next', async () => {
    types.failure = new Error('away');
    await expect(readPace.execute('ocr', 60_000)).rejects.toThrow('away');
    await expect(readPace.execute('ocr', 60_000)).resolves.toMatchObject({ meanMs: 2_500 });
  });

  it('remembers only so many types', async () => {
    for (let index = 0; index < 1_001; index += 1) await readPace.execute(`type_${index}`, 60_000);
    const before = types.asked.length;
    await readPace.execute('type_1000', 60_000);
    await readPace.execute('type_0', 60_000);
    expect(types.asked.length).toBe(before + 1);
  });
});
