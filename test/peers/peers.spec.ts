import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const PROJECT = resolve(__dirname, '../..');
const RUN = join(__dirname, 'run.mjs');
const read = (path: string): string => readFileSync(path, 'utf8');

describe('npm run bench:peers', () => {
  const { dependencies } = JSON.parse(read(join(__dirname, 'package.json')));

  it('measures beside versions that are told exactly', () => {
    for (const version of Object.values(dependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('brings nothing into the project', () => {
    const project = JSON.parse(read(join(PROJECT, 'package.json')));
    const { packages } = JSON.parse(read(join(PROJECT, 'package-lock.json')));
    const named = Object.keys({ ...project.dependencies, ...project.devDependencies, ...packages });

    expect(
      Object.keys(dependencies).filter((name) =>
        named.some((each) => each.split('node_modules/').at(-1) === name),
      ),
    ).toEqual([]);
  });

  it('tells of each contestant how fast it was, how much room it took, and what was missed', async () => {
    const args = ['--quick', '--json', '--waiting', '500', '--only', 'service,library,floor'];
    const { stdout } = await promisify(execFile)(process.execPath, [RUN, ...args], { cwd: PROJECT });
    const { contestants, bars, syncs } = JSON.parse(stdout);

    expect(Object.keys(contestants)).toEqual(['service', 'library', 'floor']);
    for (const { failures, empty, full } of Object.values<Record<string, Record<string, number>>>(
      contestants,
    )) {
      expect(failures).toEqual([]);
      const room = { memory_bytes: expect.any(Number), disk_bytes: expect.any(Number) };
      const done = {
        done_per_second: expect.any(Number),
        claim_p99: expect.any(Number),
        cycle_p99: expect.any(Number),
      };
      expect(empty).toMatchObject({
        filed_per_second: expect.any(Number),
        filed_p99: expect.any(Number),
        ...done,
        ...room,
      });
      expect(full).toMatchObject({ ...done, ...room });
    }
    expect(syncs).toHaveLength(2);
    expect(bars.find(({ what }: { what: string }) => what.startsWith('by batches'))).toMatchObject({
      measured: null,
      passed: false,
    });
  }, 120_000);

  it('refuses a contestant that it does not know', async () => {
    const asked = promisify(execFile)(process.execPath, [RUN, '--only', 'nobody'], { cwd: PROJECT });

    await expect(asked).rejects.toMatchObject({
      stderr: expect.stringContaining('no such contestant: nobody'),
    });
  });
});
