import {
  CANCELLED,
  COMPLETED,
  kindsIn,
  operation,
  soundRun,
  withOperations,
  withRow,
  type Run,
} from './planted-run';

describe('check', () => {
  let sound: Run;
  beforeEach(async () => {
    sound = await soundRun();
  });

  describe('what only one can have', () => {
    it('finds a task completed by two tokens', () => {
      const second = operation({
        kind: 'complete',
        taskId: COMPLETED,
        token: 'other',
        outcome: { is: 'ok' },
      });
      expect(kindsIn(withOperations(sound, second))).toContain('done_twice');
    });

    it('finds two completions in one history', () => {
      const row = { taskId: COMPLETED, command: 'complete', from: 'working', to: 'completed' } as const;
      expect(kindsIn(withRow(sound, { ...row, version: 4, attempt: 1 }))).toContain('done_twice');
    });

    it('finds one attempt handed to two callers', () => {
      const outcome = { is: 'ok', taskId: COMPLETED, attempt: 1, token: 'other' } as const;
      expect(kindsIn(withOperations(sound, operation({ kind: 'claim', outcome })))).toContain(
        'one_lease_twice',
      );
    });

    it('finds one token given twice', () => {
      const outcome = { is: 'ok', taskId: CANCELLED, attempt: 2, token: 'token-1' } as const;
      const log = sound.log.map((one) =>
        one.outcome.is === 'ok' && one.kind === 'claim' && one.outcome.attempt === 2
          ? { ...one, outcome }
          : one,
      );
      expect(kindsIn({ ...sound, log })).toContain('one_lease_twice');
    });
  });
});
