import { CALL, taskIn } from '../../../../test/support/builders';
import { KnownWorkers } from '../../../../test/support/known-workers';
import { ManualTimers } from '../../../../test/support/manual-timers';
import type { ClaimNextTask, ClaimNextTaskInput } from '../tasks/claim-next-task';
import { ClaimForWorker } from './claim-for-worker';

/** Hands out one task again and again, and remembers who was known when. */
class Claims {
  readonly asked: ClaimNextTaskInput[] = [];

  execute(input: ClaimNextTaskInput): Promise<ReturnType<typeof taskIn>> {
    this.asked.push(input);
    return Promise.resolve(taskIn('working'));
  }
}

describe('ClaimForWorker', () => {
  const workers = new KnownWorkers();
  const timers = new ManualTimers();
  const claims = new Claims();
  const useCase = new ClaimForWorker(claims as unknown as ClaimNextTask, workers, timers);
  const claim = (workerId: string): Promise<unknown> =>
    useCase.execute({ workerId, noteAfterMs: 1_000, kbId: 'kb' }, CALL);

  it('takes down whoever asks, and hands on what is asked', async () => {
    await expect(claim('a')).resolves.toMatchObject({ status: 'working' });
    expect(workers.seen).toEqual(['a']);
    expect(claims.asked).toEqual([expect.objectContaining({ workerId: 'a', kbId: 'kb' })]);
  });

  it('takes nobody down again before it is time', async () => {
    await timers.advance(999);
    await Promise.all([claim('a'), claim('b')]);
    expect(workers.seen).toEqual(['a', 'b']);
    await timers.advance(1);
    await Promise.all([claim('a'), claim('b')]);
    expect(workers.seen).toEqual(['a', 'b', 'a']);
  });

  it('forgets whoever asked longest ago when there are very many', async () => {
    for (let index = 0; index < 10_000; index += 1) await claim(`w${index}`);
    const before = workers.seen.length;
    await claim('a');
    await claim('w9999');
    expect(workers.seen.slice(before)).toEqual(['a']);
  });
});
