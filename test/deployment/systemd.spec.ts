import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'ini';
import { loadSettings, parseDatabaseUrl } from '@task/infrastructure';
import { itNeeding, missingProgram } from '../support/it-needing';
import { PROJECT, read, secondsIn } from './files';

const UNIT = 'deploy/systemd/task-orchestrator.service';
const SETTINGS_FILE = 'deploy/systemd/task-orchestrator.toml';
/** systemd's own measure, 0 to 10: what it calls OK ends below 5. */
const MOST_EXPOSED = 1.5;

type Section = Readonly<Record<string, string | readonly string[]>>;

const sections = parse(read(UNIT), { bracketedArray: false }) as Readonly<Record<string, Section>>;
const { Service: service = {} } = sections;

/** Assignments of a key that may stand several times. */
function all(key: string): readonly string[] {
  return [service[key] ?? []].flat();
}

function variables(): Record<string, string> {
  const pairs = all('Environment').flatMap((line) => line.split(' '));
  return Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/, 2) as [string, string]));
}

describe(UNIT, () => {
  const itWithSystemd = itNeeding(missingProgram('systemd-analyze'));
  const { CONFIG_FILE = '', ...env } = variables();
  const { settings, warnings } = loadSettings({
    env: { ...env, CONFIG_FILE: resolve(PROJECT, SETTINGS_FILE) },
    cwd: '/',
  });

  it('has the sections of a service and no other', () => {
    expect(Object.keys(sections)).toEqual(['Unit', 'Service', 'Install']);
  });

  itWithSystemd('is what systemd takes', async () => {
    const { stderr } = await promisify(execFile)('systemd-analyze', ['verify', resolve(PROJECT, UNIT)]).catch(
      (error: unknown) => error as { stderr: string },
    );
    // The machine that this runs on need not have the service installed.
    const complaints = stderr
      .split('\n')
      .filter((line) => line !== '' && !line.includes('is not executable'));

    expect(complaints).toEqual([]);
  });

  itWithSystemd('leaves the service little that it could do, by the measure of systemd', async () => {
    const threshold = `--threshold=${MOST_EXPOSED * 10}`;
    const args = ['security', '--offline=true', threshold, '--no-pager', resolve(PROJECT, UNIT)];

    await expect(promisify(execFile)('systemd-analyze', args)).resolves.toBeDefined();
  });

  it('starts what the project has', () => {
    const [node, launcher = '', command] = all('ExecStart')[0]?.split(' ') ?? [];

    expect([node, command]).toEqual(['/usr/bin/node', 'serve']);
    expect(existsSync(resolve(PROJECT, launcher.replace('/opt/task-orchestrator/', '')))).toBe(true);
  });

  it('gives the service settings that it takes, from the file that stands beside it', () => {
    const [loaded = ''] = all('LoadCredential');
    const [name, path] = loaded.split(':');

    expect(CONFIG_FILE).toBe(`%d/${name}`);
    expect(path).toBe('/etc/task-orchestrator.toml');
    expect(readFileSync(resolve(PROJECT, SETTINGS_FILE), 'utf8')).toContain(path);
    expect([settings.serverPort, warnings]).toEqual([8080, []]);
  });

  it('keeps the tasks in the one folder that it may write to', () => {
    const folder = `/var/lib/${String(service.StateDirectory)}`;

    expect(parseDatabaseUrl(settings.databaseUrl, '/')).toEqual({
      kind: 'sqlite',
      path: `${folder}/tasks.db`,
    });
    expect(service).toMatchObject({ WorkingDirectory: folder, ProtectSystem: 'strict', DynamicUser: 'yes' });
  });

  it('grants more time to stop than the service takes', () => {
    expect(secondsIn(String(service.TimeoutStopSec))).toBeGreaterThan(settings.shutdownGraceSeconds);
  });

  it('lets V8 make machine code', () => {
    expect(service.MemoryDenyWriteExecute).toBe('no');
  });
});
