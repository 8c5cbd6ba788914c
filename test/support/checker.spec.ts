import { check, expectSound } from './checker';
import { uuid } from './counted-ids';
import { COMPLETED, operation, soundRun, withOperations, withTask, type Run } from './checking/planted-run';

describe('check', () => {
  let sound: Run;
  beforeEach(async () => {
    sound = await soundRun();
  });

  it('finds nothing in a sound run', () => {
    expect(check(sound.log, sound.observed)).toEqual([]);
    expect(() => expectSound(sound.log, sound.observed)).not.toThrow();
  });

  it('tells every finding with what was asked and what the history has', () => {
    const planted = withTask(sound, COMPLETED, { version: 7 });
    expect(() => expectSound(planted.log, planted.observed)).toThrow(
      /^1 findings in 12 operations, 3 tasks, 11 events\nnot_the_fold .+\n {4}asked \{"kind":"create".+"command":"complete"/s,
    );
  });

  it('cuts a long tale short', () => {
    const strangers = Array.from({ length: 25 }, (_, index) =>
      operation({ kind: 'create', outcome: { is: 'ok', taskId: uuid(1000 + index) } }),
    );
    const planted = withOperations(sound, ...strangers);
    expect(() => expectSound(planted.log, planted.observed)).toThrow(/… and 5 more$/);
  });
});
