import type { AttemptOutcome } from '../../worker/runtime/work-event';
import type { Worker } from '../../worker/runtime/worker';
import { EXIT } from '../exit-codes';
import { StopSignals } from '../stop-signals';
import type { WorkerOptions } from './worker-options';

/**
 * Lets a worker work until it is told to stop, or has done the one task that it should. Told once, it lets what runs
 * come to its end; twice, it ends that and gives it back; a third time means the process.
 * @returns the exit code
 */
export async function untilStopped(
  worker: Worker,
  { once, drain }: Pick<WorkerOptions, 'once' | 'drain'>,
): Promise<number> {
  let repeats = 0;
  const signals = new StopSignals(() => {
    repeats += 1;
    if (repeats > 1) process.exit(EXIT.failed);
    void worker.stop(0);
  });
  void signals.first.then(() => worker.stop(drain * 1000));
  if (once) {
    const outcome = await worker.runOnce();
    // Its output may still wait for a reader: a signal then ends it as it ends any command.
    signals.close();
    return codeOf(outcome);
  }
  await worker.run();
  return EXIT.ok;
}

function codeOf(outcome: AttemptOutcome | null): number {
  if (outcome === null) return EXIT.nothing;
  return outcome === 'completed' ? EXIT.ok : EXIT.failed;
}
