import { ProcessTimers } from './process-timers';

const DAY_MS = 86_400_000;

describe('the timers of a worker', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it.each([1, 1_000, 30 * DAY_MS, 1000 * DAY_MS])('wait %d ms, and no less', (ms) => {
    const told = jest.fn();
    new ProcessTimers().after(ms, told);
    jest.advanceTimersByTime(ms - 1);
    expect(told).toHaveBeenCalledTimes(0);

    jest.advanceTimersByTime(1);
    expect(told).toHaveBeenCalledTimes(1);
  });

  it('wait no more when they are told so, however far they are', () => {
    const told = jest.fn();
    const cancel = new ProcessTimers().after(60 * DAY_MS, told);
    jest.advanceTimersByTime(40 * DAY_MS);
    cancel();
    jest.advanceTimersByTime(40 * DAY_MS);

    expect(told).not.toHaveBeenCalled();
    expect(jest.getTimerCount()).toBe(0);
  });

  it('can wait without an end', () => {
    const told = jest.fn();
    const cancel = new ProcessTimers().after(Infinity, told);
    jest.advanceTimersByTime(100 * DAY_MS);
    cancel();

    expect(told).not.toHaveBeenCalled();
  });
});
