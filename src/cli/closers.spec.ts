import { Closers } from './closers';

describe('Closers', () => {
  it('closes in the opposite order of opening, each once', async () => {
    const closers = new Closers();
    const closed: string[] = [];
    closers.add(() => closed.push('lock'));
    closers.add(() => Promise.resolve().then(() => closed.push('store')));
    closers.add(() => closed.push('server'));

    await Promise.all([closers.close(), closers.close()]);
    await closers.close();

    expect(closed.sort()).toEqual(['lock', 'server', 'store']);
  });

  it('waits for one before it closes the next', async () => {
    const closers = new Closers();
    const closed: string[] = [];
    closers.add(() => closed.push('lock'));
    closers.add(() => Promise.resolve().then(() => closed.push('store')));

    await closers.close();

    expect(closed).toEqual(['store', 'lock']);
  });

  it('closes the others when one fails, and tells the first failure', async () => {
    const closers = new Closers();
    const closed: string[] = [];
    closers.add(() => closed.push('lock'));
    closers.add(() => Promise.reject(new Error('second')));
    closers.add(() => Promise.reject(new Error('first')));

    await expect(closers.close()).rejects.toThrow('first');
    expect(closed).toEqual(['lock']);
  });
});
