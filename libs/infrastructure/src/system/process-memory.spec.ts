import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ContainerMemory } from './container-memory';
import { ProcessMemory } from './process-memory';

describe('the memory of the process', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'groups-'));
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const write = (files: Readonly<Record<string, string>>): void => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), text);
    }
  };
  const group = (folder: string, max: string): Readonly<Record<string, string>> => ({
    [`${folder}/memory.max`]: `${max}\n`,
    [`${folder}/memory.current`]: '700\n',
    [`${folder}/memory.stat`]: 'anon 500\ninactive_file 100\nactive_file 50\nfile 150\n',
  });
  const SEVENTH = { of: 'container', usedBytes: 550, limitBytes: 1000 };

  it('has a heap with a limit', () => {
    const [heap, ...others] = new ProcessMemory(null).read();
    expect(others).toEqual([]);
    expect(heap?.of).toBe('heap');
    expect(heap?.usedBytes).toBeGreaterThan(1_000_000);
    expect(heap?.limitBytes).toBeGreaterThan(heap?.usedBytes ?? Infinity);
  });

  it('is freed of what nobody needs any more', () => {
    const memory = new ProcessMemory(null);
    const used = (): number => memory.read()[0]?.usedBytes ?? Number.NaN;
    const held = Array.from({ length: 200_000 }, (_, index) => ({ index }));
    memory.reclaim();
    const before = used();
    expect(held).toHaveLength(200_000);
    held.length = 0;
    memory.reclaim();
    expect(before - used()).toBeGreaterThan(5_000_000);
  });

  it('is what a container may use, without the caches of files', () => {
    write({ 'proc/self/cgroup': '0::/\n', ...group('sys/fs/cgroup', '1000') });
    expect(new ProcessMemory(ContainerMemory.find(root)).read()).toEqual([
      expect.objectContaining({ of: 'heap' }),
      SEVENTH,
    ]);
  });

  it('is bound by the nearest group that has a limit', () => {
    write({
      'proc/self/cgroup': '0::/system.slice/queue.service\n',
      ...group('sys/fs/cgroup/system.slice', '1000'),
      ...group('sys/fs/cgroup/system.slice/queue.service', 'max'),
    });
    expect(ContainerMemory.find(root)?.read()).toEqual(SEVENTH);
  });

  it('is found where a container sees only its own part of the tree', () => {
    write({ 'proc/self/cgroup': '0::/docker/4f2a\n', ...group('sys/fs/cgroup', '1000') });
    expect(ContainerMemory.find(root)?.read()).toEqual(SEVENTH);
  });

  it('is read from control groups of version 1 too', () => {
    const folder = 'sys/fs/cgroup/memory/docker/4f2a';
    write({
      'proc/self/cgroup': '7:cpu,cpuacct:/docker/4f2a\n4:memory:/docker/4f2a\n0::/docker/4f2a\n',
      [`${folder}/memory.limit_in_bytes`]: '1000\n',
      [`${folder}/memory.usage_in_bytes`]: '700\n',
      [`${folder}/memory.stat`]: 'inactive_file 1\ntotal_inactive_file 100\ntotal_active_file 50\n',
    });
    expect(ContainerMemory.find(root)?.read()).toEqual(SEVENTH);
  });

  it.each([
    ['without control groups', {}],
    ['without a limit', { 'proc/self/cgroup': '0::/a\n', 'sys/fs/cgroup/a/memory.max': 'max\n' }],
    [
      'without a limit in version 1',
      {
        'proc/self/cgroup': '4:memory:/\n',
        'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
        'sys/fs/cgroup/memory/memory.usage_in_bytes': '700\n',
      },
    ],
  ])('is bound by no container %s', (_where, files) => {
    write(files);
    expect(ContainerMemory.find(root)).toBeNull();
  });
});
