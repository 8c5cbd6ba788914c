import { ACTOR, failure, NOW, RETRY, taskIn, terms } from '../../../../test/support/builders';
import type { Proof } from './holder';
import { JsonDocument } from './json-document';
import type { Decision, Task } from './task';
import { LeaseLost, TaskAlreadyFinal, TaskCancelled, TaskNotWorking } from './task.errors';

const RESULT = JsonDocument.of({ ok: true });
const TOKEN: Proof = { leaseToken: 'token-1' };

const complete = (task: Task, proof: Proof, result: JsonDocument | null = RESULT): Decision =>
  task.complete(result, proof, ACTOR, NOW);
const fail = (task: Task, proof: Proof, errorMessage = 'out of memory'): Decision =>
  task.fail(failure({ errorMessage }), proof, RETRY, ACTOR, NOW);
const release = (task: Task, proof: Proof): Decision => task.release(null, proof, ACTOR, NOW);
const renew = (task: Task, proof: Proof): Decision => task.renew({}, proof, NOW);

const COMMANDS = { complete, fail, release, renew };
type HolderCommand = keyof typeof COMMANDS;
const NAMES = Object.keys(COMMANDS) as HolderCommand[];

/** A task whose lease `token-1` ended, by how it ended. */
const ENDED = {
  complete: complete(taskIn('working'), TOKEN).task,
  fail: fail(taskIn('working'), TOKEN).task,
  'fail, and goes back by itself': fail(taskIn('working', { autoRetry: true }), TOKEN).task,
  release: release(taskIn('working'), TOKEN).task,
  expire: taskIn('working').expire(NOW).task,
  'time out': taskIn('working').timeOut(RETRY, NOW).task,
  cancel: taskIn('working').cancel(null, true, ACTOR, NOW).task,
  'release, then cancelled': release(taskIn('working'), TOKEN).task.cancel(null, false, ACTOR, NOW).task,
  'expire, then claimed by another': taskIn('working')
    .expire(NOW)
    .task.claim(terms({ token: 'token-2' }), ACTOR, NOW).task,
};

describe('who holds a task', () => {
  describe.each(NAMES)('%s', (name) => {
    it.each<[string, Proof]>([
      ['the token', TOKEN],
      ['the worker’s name', { workerId: 'worker-1' }],
      ['both', { leaseToken: 'token-1', workerId: 'worker-1' }],
      ['neither', {}],
    ])('is done for %s', (_, proof) => {
      expect(() => COMMANDS[name](taskIn('working'), proof)).not.toThrow();
    });

    it.each<[string, Proof]>([
      ['another token', { leaseToken: 'token-2' }],
      ['another worker', { workerId: 'worker-2' }],
      ['another worker with the token', { leaseToken: 'token-1', workerId: 'worker-2' }],
      ['the worker with another token', { leaseToken: 'token-2', workerId: 'worker-1' }],
      ['an empty token', { leaseToken: '' }],
    ])('is refused to %s', (_, proof) => {
      expect(() => COMMANDS[name](taskIn('working'), proof)).toThrow(LeaseLost);
    });

    it('takes any name where the claim gave none', () => {
      const nameless = taskIn('waiting').claim(terms({ workerId: null }), ACTOR, NOW).task;
      expect(() => COMMANDS[name](nameless, { workerId: 'worker-9' })).not.toThrow();
    });

    it('is refused to a token where nobody has claimed yet', () => {
      expect(() => COMMANDS[name](taskIn('waiting'), TOKEN)).toThrow(LeaseLost);
    });

    it('tells the status in a refusal', () => {
      const refused = (): unknown => COMMANDS[name](taskIn('working'), { leaseToken: 'other' });
      expect(refused).toThrow(expect.objectContaining({ status: 'working', command: name }));
    });
  });

  describe('the same again, by the token that did it', () => {
    it.each<[string, Task, (task: Task) => Decision]>([
      ['completion', ENDED.complete, (task) => complete(task, TOKEN)],
      ['failure', ENDED.fail, (task) => fail(task, TOKEN)],
      [
        'failure of a task that went back',
        ENDED['fail, and goes back by itself'],
        (task) => fail(task, TOKEN),
      ],
      ['release', ENDED.release, (task) => release(task, TOKEN)],
    ])('%s changes nothing and is fine', (_, task, again) => {
      expect(again(task)).toEqual({ task, effects: [] });
    });

    it('takes no result for the same as no result', () => {
      const task = complete(taskIn('working'), TOKEN, null).task;
      expect(complete(task, TOKEN, null)).toEqual({ task, effects: [] });
      expect(() => complete(task, TOKEN, RESULT)).toThrow(TaskAlreadyFinal);
    });

    it.each<[string, () => Decision]>([
      ['another result', () => complete(ENDED.complete, TOKEN, JsonDocument.of({ ok: false }))],
      ['no result', () => complete(ENDED.complete, TOKEN, null)],
      ['another error', () => fail(ENDED.fail, TOKEN, 'something else')],
    ])('is refused with %s', (_, again) => {
      expect(again).toThrow(TaskAlreadyFinal);
    });

    it('is refused without the token: anybody could say it', () => {
      expect(() => complete(ENDED.complete, { workerId: 'worker-1' })).toThrow(TaskAlreadyFinal);
      expect(() => fail(ENDED.fail, {})).toThrow(TaskNotWorking);
    });
  });

  describe('a holder who comes back too late', () => {
    it.each<[keyof typeof ENDED, HolderCommand, new (...args: never[]) => Error]>([
      ['complete', 'fail', TaskAlreadyFinal],
      ['complete', 'release', TaskAlreadyFinal],
      ['complete', 'renew', TaskAlreadyFinal],
      ['fail', 'complete', TaskNotWorking],
      ['fail', 'renew', TaskNotWorking],
      ['release', 'complete', LeaseLost],
      ['release', 'renew', LeaseLost],
      ['expire', 'complete', LeaseLost],
      ['expire', 'fail', LeaseLost],
      ['expire', 'renew', LeaseLost],
      ['time out', 'complete', LeaseLost],
      ['time out', 'renew', LeaseLost],
      ['cancel', 'complete', TaskCancelled],
      ['cancel', 'fail', TaskCancelled],
      ['cancel', 'release', TaskCancelled],
      ['cancel', 'renew', TaskCancelled],
      ['release, then cancelled', 'complete', LeaseLost],
      ['expire, then claimed by another', 'complete', LeaseLost],
      ['expire, then claimed by another', 'renew', LeaseLost],
    ])('after %s is told on %s what became of it', (ended, command, refusal) => {
      expect(() => COMMANDS[command](ENDED[ended], TOKEN)).toThrow(refusal);
    });
  });
});
