import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { DockerfileParser, type ImageTemplate, type JSONInstruction } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { SETTINGS } from '@task/infrastructure';
import { PROJECT, read, settingsUnder } from './files';

const TEXT = read('Dockerfile');
const dockerfile = DockerfileParser.parse(TEXT);
const stages = dockerfile.getFROMs().map((from) => {
  const stage = dockerfile.getContainingImage(from.getRange().start);
  if (stage === null) throw new Error('an instruction stands in no stage');
  return stage;
});

describe('the Dockerfile', () => {
  it('is one', () => {
    expect(validate(TEXT)).toEqual([]);
  });

  it('takes the Node that npm brings, by its whole version, from the official image', () => {
    const { packages } = JSON.parse(read('package-lock.json'));
    const [image] = dockerfile.getInitialARGs().flatMap((arg) => arg.getProperty()?.getValue() ?? []);

    expect(image).toBe(`node:${packages['node_modules/node'].version}-bookworm-slim`);
    expect(dockerfile.getFROMs().map((from) => from.getImage())).toEqual(stages.map(() => '${NODE_IMAGE}'));
  });

  it('builds in a stage of its own, and takes no development dependency into the last one', () => {
    const npm = stages.map((stage) =>
      argumentsOf(stage, 'RUN').flatMap((run) => run.match(/npm (?:ci|run)[^&]*/g) ?? []),
    );

    expect(npm.map((commands) => commands.map((command) => command.trim()))).toEqual([
      ['npm ci --ignore-scripts', 'npm run build'],
      ['npm ci --omit=dev --ignore-scripts'],
      [],
    ]);
  });

  it('needs no install script of what it installs', () => {
    const { allowScripts } = JSON.parse(read('package.json'));
    const { packages } = JSON.parse(read('package-lock.json'));
    const wanting = Object.entries<{ hasInstallScript?: boolean; dev?: boolean }>(packages)
      .filter(([, { hasInstallScript, dev }]) => hasInstallScript === true && dev !== true)
      .map(([path]) => path.replace(/^.*node_modules\//, ''));

    expect(wanting.filter((name) => allowScripts[name] !== false)).toEqual([]);
  });

  it('copies only what there is and .dockerignore lets through', () => {
    const sent = read('.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? line.slice(1) : []));
    const copied = stages.flatMap((stage) =>
      stage
        .getCOPYs()
        .filter((copy) => copy.getFromFlag() === null)
        .flatMap((copy) => copy.getArguments().slice(0, -1).map(String)),
    );

    expect(copied.filter((name) => !existsSync(resolve(PROJECT, name)))).toEqual([]);
    expect(
      copied.filter((name) => !sent.some((path) => name === path || name.startsWith(`${path}/`))),
    ).toEqual([]);
    expect(
      sent.filter((path) => !copied.some((name) => name === path || name.startsWith(`${path}/`))),
    ).toEqual([]);
  });

  it('copies everything that the service is built from', () => {
    const { include } = JSON.parse(read('tsconfig.build.json'));
    const built = stages[0]?.getCOPYs().flatMap((copy) => copy.getArguments().slice(0, -1).map(String));

    expect(built).toEqual(expect.arrayContaining(['src', 'libs', 'ormconfig.ts', ...include]));
  });

  it('runs as a user without rights, known by number', () => {
    const last = stages.at(-1)?.getInstructions() ?? [];
    const user = last.findLastIndex((each) => each.getKeyword() === 'USER');

    expect(last[user]?.getArgumentsContent()).toBe('1000:1000');
    expect(last.findLastIndex((each) => ['RUN', 'COPY'].includes(each.getKeyword()))).toBeLessThan(user);
  });

  it('sets only variables that are settings, to values that they take', () => {
    const { NODE_ENV, ...env } = environment();
    const names = Object.values(SETTINGS).map(({ name }) => name);

    expect(NODE_ENV).toBe('production');
    expect(Object.keys(env).filter((name) => !names.includes(name))).toEqual([]);
    expect(settingsUnder(env).serverHost).toBe('0.0.0.0');
  });

  it('exposes the ports that it listens on, and keeps its tasks in the volume', () => {
    const { serverPort, taskManagerPort, databaseUrl } = settingsUnder(environment());
    const [, , last] = stages;

    expect(argumentsOf(last, 'EXPOSE')).toEqual([`${serverPort} ${taskManagerPort}`]);
    expect(argumentsOf(last, 'VOLUME').map((path) => `sqlite:///${path}/tasks.db`)).toEqual([databaseUrl]);
  });

  it('asks for its health with what the image has', () => {
    const [, , last] = stages;
    const [check] = last?.getHEALTHCHECKs() ?? [];
    const words = (check as JSONInstruction | undefined)?.getArgumentsContent() ?? '';

    expect(words).toBe('CMD ["node", "deploy/docker/is-ready.mjs"]');
    expect(argumentsOf(last, 'COPY')).toContain('deploy/docker/is-ready.mjs deploy/docker/is-ready.mjs');
  });
});

function environment(): Record<string, string> {
  const properties =
    stages
      .at(-1)
      ?.getENVs()
      .flatMap((env) => env.getProperties()) ?? [];
  return Object.fromEntries(properties.map((each) => [each.getName(), each.getValue() ?? '']));
}

function argumentsOf(stage: ImageTemplate | undefined, keyword: string): string[] {
  const instructions = stage?.getInstructions().filter((each) => each.getKeyword() === keyword) ?? [];
  return instructions.map((each) => each.getArgumentsContent() ?? '');
}
