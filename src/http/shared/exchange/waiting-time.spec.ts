import type { HttpSettings } from '../../service-core';
import { WaitingTime } from './waiting-time';

const under = (requestTimeoutMs: number): WaitingTime =>
  new WaitingTime({ requestTimeoutMs } as HttpSettings);

describe('WaitingTime', () => {
  it('is what was asked for, and nothing when nothing was', () => {
    expect([under(30_000).secondsOf(25), under(30_000).secondsOf()]).toEqual([25, 0]);
  });

  it('ends before the request would time out', () => {
    expect([under(10_000).secondsOf(25), under(10_000).secondsOf(3)]).toEqual([9, 3]);
  });

  it('is nothing where requests have hardly any time', () => {
    expect(under(500).secondsOf(25)).toBe(0);
  });
});
