import { ACTOR, failure, NOW, RETRY, taskIn, terms } from '../../../../test/support/builders';
import { JsonDocument } from './json-document';
import { asOf, snapshotOf, type TaskSnapshot } from './task-snapshot';
import type { Task } from './task';

const read = (snapshot: TaskSnapshot): TaskSnapshot => JSON.parse(JSON.stringify(snapshot)) as TaskSnapshot;

/** A life in which everything that can change does. */
function life(): readonly Task[] {
  const waiting = taskIn('waiting', { autoRetry: true, maxRetries: 1, timeoutSeconds: 60 });
  const working = waiting.claim(terms(), ACTOR, NOW + 1).task;
  const renewed = working.renew({ progress: 40, message: 'half' }, {}, NOW + 2).task;
  const back = renewed.fail(failure(), {}, RETRY, ACTOR, NOW + 3).task;
  const due = back.becomeDue(NOW + 1e9);
  const again = due.claim(terms({ token: 'token-2', workerId: null }), ACTOR, NOW + 1e9).task;
  const failed = again.fail(failure(), {}, RETRY, ACTOR, NOW + 1e9 + 1).task;
  const cancelled = failed.cancel('given up', true, ACTOR, NOW + 1e9 + 2).task;
  return [waiting, working, renewed, back, due, again, failed, cancelled];
}

describe('a task as it was', () => {
  it('is what it was at each time of its life, told at its end', () => {
    const all = life();
    const last = all.at(-1);
    if (last === undefined) throw new Error('no life');
    for (const task of all) {
      const { errorMessage, result } = last.state;
      expect(asOf(last, read(snapshotOf(task))).state).toEqual({ ...task.state, errorMessage, result });
    }
  });

  it('keeps no text of its body', () => {
    const task = taskIn('working', { prompt: 'a prompt', payload: JsonDocument.of({ a: 'payload' }) });
    const done = task.complete(JsonDocument.of('a result'), {}, ACTOR, NOW).task;
    expect(JSON.stringify(snapshotOf(done))).not.toMatch(/a prompt|payload|a result/);
  });
});
