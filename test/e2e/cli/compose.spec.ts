import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describeSettings, parseDatabaseUrl } from '@task/infrastructure';
import { parse } from 'yaml';

const PROJECT = resolve(__dirname, '../../..');
const read = (name: string): string => readFileSync(resolve(PROJECT, name), 'utf8');

describe('docker-compose.yml', () => {
  const { services, volumes } = parse(read('docker-compose.yml'), { strict: true, uniqueKeys: true });
  const { orchestrator } = services;

  it('sets only variables that are settings', () => {
    const names = describeSettings().map(({ name }) => name);

    expect(Object.keys(orchestrator.environment).filter((name) => !names.includes(name))).toEqual([]);
  });

  it('keeps the tasks in a volume that exists', () => {
    const [source, target] = orchestrator.volumes[0].split(':');

    expect(Object.keys(volumes)).toContain(source);
    expect(parseDatabaseUrl(orchestrator.environment.DATABASE_URL, '/app')).toEqual({
      kind: 'sqlite',
      path: `${target}/tasks.db`,
    });
  });

  it('listens beyond the container, and asks whether it is ready on the same port', () => {
    const { SERVER_HOST, SERVER_PORT, TASK_MANAGER_PORT } = orchestrator.environment;

    expect(SERVER_HOST).toBe('0.0.0.0');
    expect(orchestrator.healthcheck.test.join(' ')).toContain(`http://127.0.0.1:${SERVER_PORT}/health/ready`);
    expect(orchestrator.ports).toEqual(
      [SERVER_PORT, TASK_MANAGER_PORT].map((port) =>
        expect.stringMatching(new RegExp(`^127.0.0.1:.*:${port}$`)),
      ),
    );
  });

  it('grants more time to stop than the service takes', () => {
    const grace = describeSettings().find(({ name }) => name === 'SHUTDOWN_GRACE_SECONDS')?.fallback;

    expect(Number.parseInt(orchestrator.stop_grace_period)).toBeGreaterThan(Number(grace));
  });
});

describe('the Dockerfile', () => {
  const lines = read('Dockerfile').split('\n');

  it('copies only what there is', () => {
    const copied = lines
      .filter((line) => /^COPY (?!--from)/.test(line))
      .flatMap((line) => line.split(' ').slice(1, -1));

    for (const name of copied.filter((each) => !['bin', 'libs', 'src'].includes(each)))
      expect(read(name)).not.toBe('');
    expect(copied).toEqual(
      expect.arrayContaining(['package-lock.json', 'ormconfig.ts', 'bin', 'libs', 'src']),
    );
  });

  it('does not run as root', () => {
    expect(lines.lastIndexOf('USER node')).toBeGreaterThan(
      lines.findLastIndex((line) => line.startsWith('RUN')),
    );
  });
});
