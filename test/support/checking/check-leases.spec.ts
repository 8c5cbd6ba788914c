import type { Operation } from '../recorder';
import {
  CANCELLED,
  kindsIn,
  LATER,
  operation,
  soundRun,
  withOperations,
  withTransitions,
  type Run,
} from './planted-run';

describe('check', () => {
  let sound: Run;
  beforeEach(async () => {
    sound = await soundRun();
  });

  describe('what a lease promises', () => {
    const TOKEN = 'token-2';
    const late = (code: string): Operation =>
      operation({ kind: 'complete', taskId: CANCELLED, token: TOKEN, outcome: { is: 'refused', code } });

    it('finds a task that was taken before the end of its lease', () => {
      const early = withTransitions(sound, (row) =>
        row.taskId === CANCELLED && row.command === 'fail' ? [{ ...row, command: 'expire' }] : [row],
      );
      expect(kindsIn(early)).toContain('robbed');
      const inTime = withTransitions(early, (row) => [
        row.command === 'expire' ? { ...row, at: LATER } : row,
      ]);
      expect(kindsIn(inTime)).not.toContain('robbed');
    });

    it.each(['LEASE_LOST', 'task.lease_lost'])('finds a holder that is refused as %s for nothing', (code) => {
      expect(kindsIn(withOperations(sound, late(code)))).toEqual([]);
      const stillHeld = withTransitions(sound, (row) =>
        row.taskId === CANCELLED && row.attempt === 1 && row.command !== 'claim' ? [] : [row],
      );
      expect(kindsIn(withOperations(stillHeld, late(code)))).toContain('robbed');
      expect(kindsIn(withOperations(stillHeld, late('ALREADY_FINAL')))).not.toContain('robbed');
    });
  });
});
