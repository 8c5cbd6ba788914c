import { startWorker, type WorkerSettings } from './start-worker';

const NOBODY = 'http://127.0.0.1:1';

describe('a worker of your own', () => {
  it.each<[keyof WorkerSettings, number, RegExp]>([
    ['concurrency', 0, /a whole number from 1$/],
    ['concurrency', 1.5, /a whole number from 1$/],
    ['concurrency', Infinity, /a whole number from 1$/],
    ['perDirectory', 0, /a whole number from 1$/],
    ['timeoutSeconds', 0, /more than 0$/],
    ['timeoutSeconds', NaN, /more than 0$/],
    ['leaseSeconds', 5, /a whole number from 10 to 86400$/],
    ['endSeconds', -1, /0 or more$/],
  ])('is not started with %s %d, and is told what is allowed', (name, value, allowed) => {
    const start = (): unknown =>
      startWorker({ url: NOBODY, handlers: { report: () => null }, [name]: value });

    expect(start).toThrow(RangeError);
    expect(start).toThrow(new RegExp(`^${name}: ${value} is not allowed`));
    expect(start).toThrow(allowed);
  });

  it('is started with everything else, and stopped', async () => {
    const worker = startWorker({
      url: NOBODY,
      handlers: { report: () => null },
      ...{ concurrency: 2000, perDirectory: 1, timeoutSeconds: 2_592_000, leaseSeconds: 10, endSeconds: 0 },
    });

    await expect(worker.stop(NaN)).rejects.toThrow('finishSeconds: NaN is not allowed');
    await worker.stop(0);
    await worker.done;
  });
});
