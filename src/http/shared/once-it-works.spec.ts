import { onceItWorks } from './once-it-works';

describe('onceItWorks', () => {
  it('does it once for all who ask', async () => {
    let done = 0;
    const ask = onceItWorks(() => Promise.resolve((done += 1)));

    expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
    expect(await ask()).toBe(1);
  });

  it('does it again after a failure, which all who asked meanwhile are told', async () => {
    let done = 0;
    const ask = onceItWorks(async () => {
      done += 1;
      if (done === 1) throw new Error('too many open files');
      return done;
    });

    const told = await Promise.allSettled([ask(), ask()]);
    expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await ask()).toBe(2);
    expect(await ask()).toBe(2);
  });
});
