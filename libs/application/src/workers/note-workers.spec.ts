import { CALL, policy } from '../../../../test/support/builders';
import { KnownWorkers } from '../../../../test/support/known-workers';
import { ManualTimers } from '../../../../test/support/manual-timers';
import { NoteWorkers } from './note-workers';

describe('NoteWorkers', () => {
  let workers: KnownWorkers;
  let timers: ManualTimers;
  let useCase: NoteWorkers;

  beforeEach(() => {
    workers = new KnownWorkers();
    timers = new ManualTimers();
    useCase = new NoteWorkers(workers, timers, policy({ workerTtlMs: 6_000 }));
  });

  const note = (workerId: string, signal = CALL.signal): Promise<void> => useCase.execute(workerId, signal);

  it('takes nobody down again before a sixth of its life is over', async () => {
    await Promise.all([note('a'), note('a')]);
    await timers.advance(999);
    await Promise.all([note('a'), note('b')]);
    expect(workers.seen).toEqual(['a', 'b']);
    await timers.advance(1);
    await Promise.all([note('a'), note('b')]);
    expect(workers.seen).toEqual(['a', 'b', 'a']);
  });

  it('forgets whoever asked longest ago when there are very many', async () => {
    await note('a');
    for (let index = 0; index < 10_000; index += 1) await note(`w${index}`);
    const before = workers.seen.length;
    await note('a');
    await note('w9999');
    expect(workers.seen.slice(before)).toEqual(['a']);
  });

  it('refuses nobody anything when the store does not take it, and tells it the next time', async () => {
    await note('a', { aborted: true });
    await note('a');
    expect(workers.seen).toEqual(['a']);
  });

  it('does not hide what nobody expected', async () => {
    workers.see = () => Promise.reject(new TypeError('boom'));
    await expect(note('a')).rejects.toThrow(TypeError);
  });
});
