import { dirname, join } from 'node:path';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { parseDatabaseUrl, SETTINGS } from '@task/infrastructure';
import { filesLike, read, readYaml, secondsIn, settingsUnder } from './files';

interface ComposeService {
  readonly image: string;
  readonly profiles?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly stop_grace_period: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly networks?: readonly string[] | Readonly<Record<string, { readonly ipv4_address: string }>>;
}

interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly volumes: Readonly<Record<string, unknown>>;
}

const compose = readYaml<Compose>('docker-compose.yml');
const INSTANCES = ['instance-1', 'instance-2'];
const OWN = ['orchestrator', ...INSTANCES];

/** Puts values in place as Compose does: `${NAME:-otherwise}`. */
function filledIn(
  env: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const fill = (text: string): string =>
    text.replace(/\$\{(\w+):-(.*?)\}/g, (_, name: string, otherwise: string) => values[name] ?? otherwise);
  return Object.fromEntries(Object.entries(env).map(([name, text]) => [name, fill(text)]));
}

const GIVEN = { API_SECRET_KEY: 'a-key-that-is-long-enough', POSTGRES_PASSWORD: 'secret' };
const serviceOf = (name: string): ComposeService => {
  const service = compose.services[name];
  if (service === undefined) throw new Error(`there is no service ${name}`);
  return service;
};
const settingsOf = (name: string): ReturnType<typeof settingsUnder> =>
  settingsUnder(filledIn(serviceOf(name).environment, GIVEN));

describe('docker-compose.yml', () => {
  it('is what the specification of Compose takes', () => {
    const schema = JSON.parse(
      readFileSync(
        join(dirname(require.resolve('dclint/package.json')), 'schemas/compose.schema.json'),
        'utf8',
      ),
    );
    // Draft 7, of which it names another address than the one that is known by.
    delete schema.$schema;
    const ajv = new Ajv({ strict: false, validateFormats: false });
    const isValid = ajv.compile(schema);

    expect([isValid(compose), isValid.errors]).toEqual([true, null]);
    expect(isValid({ services: { x: { image: 'x', port: [] } } })).toBe(false);
  });

  it('runs one service on SQLite unless more is asked for', () => {
    const always = Object.entries(compose.services).filter(([, { profiles }]) => profiles === undefined);
    const url = parseDatabaseUrl(settingsOf('orchestrator').databaseUrl, '/app');
    const [source = '', target = ''] = serviceOf('orchestrator').volumes?.[0]?.split(':') ?? [];

    expect(always.map(([name]) => name)).toEqual(['orchestrator']);
    expect(url).toEqual({ kind: 'sqlite', path: `${target}/tasks.db` });
    expect(Object.keys(compose.volumes)).toContain(source);
  });

  it.each(OWN)('sets only variables of %s that are settings, and PostgreSQL’s own', (name) => {
    const names = [...Object.values(SETTINGS).map((setting) => setting.name), 'PGPASSWORD'];

    expect(Object.keys(serviceOf(name).environment).filter((each) => !names.includes(each))).toEqual([]);
  });

  it.each(OWN)('lets %s write nowhere but in its volumes, without rights', (name) => {
    expect(serviceOf(name)).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  it.each(OWN)('grants %s more time to stop than it takes', (name) => {
    expect(secondsIn(serviceOf(name).stop_grace_period)).toBeGreaterThan(
      settingsOf(name).shutdownGraceSeconds,
    );
  });

  it('opens the ports on which the service listens, to this machine only', () => {
    const { serverPort, taskManagerPort, serverHost } = settingsOf('orchestrator');

    expect(serverHost).toBe('0.0.0.0');
    expect(serviceOf('orchestrator').ports).toEqual(
      [serverPort, taskManagerPort].map((port) => expect.stringMatching(`^127\\.0\\.0\\.1:\\d+:${port}$`)),
    );
  });
});

describe('the profile cluster', () => {
  it('is two instances alike on one PostgreSQL behind nginx', () => {
    const members = Object.entries(compose.services).filter(
      ([, { profiles }]) => profiles?.[0] === 'cluster',
    );
    const [one, other] = INSTANCES.map(serviceOf);

    expect(members.map(([name]) => name)).toEqual([...INSTANCES, 'postgres', 'nginx']);
    expect(one).toEqual(other);
    expect(settingsOf('instance-1').databaseUrl).toBe('postgres://tasks@postgres:5432/tasks');
    const env = filledIn(serviceOf('instance-1').environment, { POSTGRES_PASSWORD: 'a/b@c#d' });
    expect(env.PGPASSWORD).toBe('a/b@c#d');
  });

  it('does not start without a key that all instances share', () => {
    const env = filledIn(serviceOf('instance-1').environment, { POSTGRES_PASSWORD: 'secret' });

    expect(() => settingsUnder(env)).toThrow('API_SECRET_KEY');
  });

  it('leaves PostgreSQL connections to spare', () => {
    const { command } = compose.services.postgres as unknown as { command: readonly string[] };
    const most = Number(/^max_connections=(\d+)$/.exec(command.at(-1) ?? '')?.[1]);
    const pools = INSTANCES.map((name) => settingsOf(name).databaseMaxConnections);

    expect(pools.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(most - 10);
  });

  it('believes the addresses that nginx tells, and nobody else', () => {
    const networks = serviceOf('nginx').networks as Readonly<Record<string, { ipv4_address: string }>>;

    expect(settingsOf('instance-1').trustProxy).toEqual([networks.front?.ipv4_address]);
  });

  it('gives nginx files that there are, where they expect each other', () => {
    const mounts = serviceOf('nginx').volumes?.map((volume) => volume.split(':')) ?? [];
    const included = /include (\S+);/.exec(read('deploy/nginx/compose.conf'))?.[1];

    expect(mounts.map(([source = '']) => source.slice(2))).toEqual(
      expect.arrayContaining(filesLike('deploy/nginx/compose.conf')),
    );
    expect(mounts.map(([, target]) => target)).toContain(included);
  });
});
