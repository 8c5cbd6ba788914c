import { check } from '../checker';
import type { Operation } from '../recorder';
import {
  CANCELLED,
  COMPLETED,
  kindsIn,
  operation,
  soundRun,
  WAITING,
  without,
  withOperations,
  withRow,
  withStranger,
  withTask,
  withTransitions,
  type Run,
} from './planted-run';

describe('check', () => {
  let sound: Run;
  beforeEach(async () => {
    sound = await soundRun();
  });

  describe('what was acknowledged', () => {
    it('finds a lost task', () => {
      const findings = check(sound.log, without(sound, WAITING).observed);
      expect(findings).toContainEqual({
        kind: 'lost',
        taskId: WAITING,
        says: 'create of a task that is gone',
      });
    });

    it('finds a lost transition, also where the rest of the store agrees', () => {
      const rolledBack = withTransitions(sound, (row) => (row.command === 'complete' ? [] : [row]));
      const planted = withTask(rolledBack, COMPLETED, { status: 'working', version: 2 });
      const says = `complete ${COMPLETED}: 1 acknowledged, 0 in its history`;
      expect(check(planted.log, planted.observed)).toContainEqual({ kind: 'lost', taskId: COMPLETED, says });
    });

    it('finds a write of an old holder that was let in', () => {
      const late = { kind: 'complete', taskId: CANCELLED, token: 'token-3' } as const;
      const planted = withRow(
        withOperations(sound, operation({ ...late, outcome: { is: 'ok', attempt: 2 } })),
        {
          taskId: CANCELLED,
          command: 'complete',
          from: 'cancelled',
          to: 'completed',
          version: 8,
          attempt: 3,
        },
      );
      expect(kindsIn(planted)).toContain('stale_holder');
    });

    it('counts a repeat by the same token once', () => {
      expect(sound.log.filter(({ kind }) => kind === 'complete')).toHaveLength(2);
      expect(kindsIn(sound)).toEqual([]);
    });

    it('counts a repeat with the same key once', () => {
      const log = sound.log.flatMap((one) => {
        const keyed = { ...one, key: 'k' };
        return one.kind === 'retry' ? [keyed, { ...keyed }] : [one];
      });
      expect(log).toHaveLength(sound.log.length + 1);
      expect(kindsIn({ ...sound, log })).toEqual([]);
    });

    it('believes the one answer among repeats that got none', () => {
      const silent = { is: 'unknown', cause: 'hung up' } as const;
      const log = sound.log.flatMap((one) =>
        one.kind === 'complete' || one.kind === 'claim' ? [{ ...one, outcome: silent }, one] : [one],
      );
      expect(kindsIn({ ...sound, log })).toEqual([]);
      const rolledBack = withTransitions({ ...sound, log }, (row) =>
        row.command === 'complete' ? [] : [row],
      );
      expect(kindsIn(withTask(rolledBack, COMPLETED, { status: 'working', version: 2 }))).toContain('lost');
    });

    it('asks nothing of a claim that got nothing', () => {
      expect(kindsIn(withOperations(sound, operation({ kind: 'claim', outcome: { is: 'ok' } })))).toEqual([]);
    });

    it('finds a second retry that was acknowledged and is not there', () => {
      const again = operation({ kind: 'retry', taskId: CANCELLED, outcome: { is: 'ok' } });
      expect(kindsIn(withOperations(sound, again))).toContain('lost');
    });
  });

  describe('what nobody asked for', () => {
    it('finds a task too many', () => {
      expect(kindsIn(withStranger(sound))).toEqual(['unexpected']);
    });

    it('finds the task of a creation that was refused', () => {
      const refused = operation({ kind: 'create', outcome: { is: 'refused', code: 'queue.full' } });
      expect(kindsIn(withOperations(withStranger(sound), refused))).toEqual(['unexpected']);
    });

    it('lets a creation without an answer have happened, or not', () => {
      const unanswered = operation({ kind: 'create', outcome: { is: 'unknown', cause: '503' } });
      expect(kindsIn(withOperations(withStranger(sound), unanswered))).toEqual([]);
      expect(kindsIn(withOperations(sound, unanswered))).toEqual([]);
    });

    const cancelled = {
      taskId: WAITING,
      command: 'cancel',
      from: 'waiting',
      to: 'cancelled',
      version: 2,
      attempt: 0,
    } as const;

    it('finds a transition that nobody asked for', () => {
      expect(kindsIn(withRow(sound, cancelled))).toEqual(['unexpected']);
    });

    it('lets a cancellation of this task without an answer have happened, but none of another', () => {
      const of = (taskId: string): Operation =>
        operation({ kind: 'cancel', taskId, outcome: { is: 'unknown', cause: 'hung up' } });
      expect(kindsIn(withOperations(withRow(sound, cancelled), of(WAITING)))).toEqual([]);
      expect(kindsIn(withOperations(withRow(sound, cancelled), of(COMPLETED)))).toEqual(['unexpected']);
    });

    it('lets the service give back what a claim without an answer took', () => {
      const row = { taskId: WAITING, attempt: 1 } as const;
      const taken = withRow(sound, { ...row, command: 'claim', from: 'waiting', to: 'working', version: 2 });
      const back = withRow(taken, { ...row, command: 'release', from: 'working', to: 'waiting', version: 3 });
      const unanswered = operation({ kind: 'claim', outcome: { is: 'unknown', cause: 'hung up' } });
      expect(kindsIn(withOperations(back, unanswered))).toEqual([]);
      expect(kindsIn(back)).toEqual(['unexpected']);
    });

    it('leaves the service its own commands', () => {
      const row = { taskId: WAITING, attempt: 1 } as const;
      const taken = withRow(sound, { ...row, command: 'claim', from: 'waiting', to: 'working', version: 2 });
      const expired = withRow(taken, {
        ...row,
        command: 'expire',
        from: 'working',
        to: 'waiting',
        version: 3,
      });
      const claim = operation({
        kind: 'claim',
        outcome: { is: 'ok', taskId: WAITING, attempt: 1, token: 'new' },
      });
      const planted = withTask(withOperations(expired, claim), WAITING, { retryCount: 1 });
      expect(kindsIn(planted)).toEqual([]);
    });
  });
});
