import {
  COMPLETED,
  kindsIn,
  soundRun,
  WAITING,
  withRow,
  withTask,
  withTransitions,
  type Run,
} from './planted-run';

describe('check', () => {
  let sound: Run;
  beforeEach(async () => {
    sound = await soundRun();
  });

  describe('what the store tells of itself', () => {
    it('finds a transition outside the table', () => {
      const row = { taskId: WAITING, command: 'complete', from: 'waiting', to: 'completed' } as const;
      expect(kindsIn(withRow(sound, { ...row, version: 2, attempt: 0 }))).toContain('outside_table');
    });

    it('finds a creation that ends elsewhere than waiting', () => {
      const planted = withTransitions(sound, (row) => [
        row.command === 'create' ? { ...row, to: 'working' } : row,
      ]);
      expect(kindsIn(planted)).toContain('outside_table');
    });

    it.each([{ status: 'working' }, { version: 7 }, { attempt: 4 }, { retryCount: 3 }] as const)(
      'finds a task whose %j is not what its history makes it',
      (changes) => {
        expect(kindsIn(withTask(sound, COMPLETED, changes))).toEqual(['not_the_fold']);
      },
    );

    it('finds a transition that does not begin where the one before ended', () => {
      const planted = withTransitions(sound, (row) => [
        row.command === 'release' ? { ...row, from: 'failed' } : row,
      ]);
      expect(kindsIn(planted)).toContain('not_the_fold');
    });

    it.each([{ version: 9 }, { attempt: 9 }])('finds a row with the wrong %j', (changes) => {
      const planted = withTransitions(sound, (row) => [
        row.command === 'complete' ? { ...row, ...changes } : row,
      ]);
      expect(kindsIn(planted)).toContain('not_the_fold');
    });

    it('finds a history without a task', () => {
      const { tasks, transitions } = sound.observed;
      const planted = {
        ...sound,
        observed: { tasks: tasks.filter(({ id }) => id !== WAITING), transitions },
      };
      expect(kindsIn(planted)).toEqual(['lost', 'not_the_fold']);
    });

    it('finds a gap in the event ids', () => {
      const later = withTransitions(sound, (row) => [
        row.eventId < 5 ? row : { ...row, eventId: row.eventId + 1 },
      ]);
      expect(kindsIn(later)).toEqual(['event_ids']);
    });

    it('finds an event id that stands twice', () => {
      const planted = withTransitions(sound, (row) => [row.eventId === 2 ? { ...row, eventId: 1 } : row]);
      expect(kindsIn(planted)).toContain('event_ids');
    });

    it('finds a history that is told out of order', () => {
      const { transitions } = sound.observed;
      const planted = { ...sound, observed: { ...sound.observed, transitions: transitions.toReversed() } };
      expect(kindsIn(planted)).toContain('event_ids');
    });
  });
});
