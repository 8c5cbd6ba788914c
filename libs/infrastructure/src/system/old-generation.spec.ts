import { execFileSync } from 'node:child_process';
import { getHeapStatistics } from 'node:v8';
import { readOldGeneration, youngLimitOf } from './old-generation';

const MIB = 1024 * 1024;

describe('the old generation of the heap', () => {
  it.each([
    ['', 0],
    ['--max-old-space-size=64', 0],
    ['--max-semi-space-size=16 --min-semi-space-size=4', 48],
    ['--min-semi-space-size=4 --max_semi_space_size 1', 3],
    ['--max-semi-space-size=12', 48],
    ['--max-semi-space-size=64 --max-semi-space-size=2', 6],
  ])('is what the heap may take without the young one, by the flags %j', (flags, mib) => {
    expect(youngLimitOf(flags)).toBe(mib * MIB);
  });

  it.each([1, 3, 4, 12, 16, 20])('is limited as V8 limits it, with semi-spaces of %d MiB', (semi) => {
    const flags = ['--max-old-space-size=64', `--max-semi-space-size=${semi}`];
    const script = 'process.stdout.write(String(v8.getHeapStatistics().heap_size_limit))';
    const limit = Number(execFileSync(process.execPath, [...flags, '-e', script], { encoding: 'utf8' }));
    expect(limit - youngLimitOf(flags.join(' '))).toBe(64 * MIB);
  });

  it('holds what was just made only once it has lasted', () => {
    const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
    const old = readOldGeneration(MIB);
    expect(old.limitBytes).toBe(limit - MIB);
    expect(old.usedBytes).toBeGreaterThan(1_000_000);
    expect(old.usedBytes).toBeLessThan(used + MIB);
  });
});
