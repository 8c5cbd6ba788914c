import { CpuMeter } from './cpu-meter';

describe('CpuMeter', () => {
  it('tells a share of one processor, and the same again when it is asked at once', () => {
    const meter = new CpuMeter();
    const first = meter.percent();
    expect(first).toBeGreaterThan(0);
    expect(meter.percent()).toBe(first);
  });
});
