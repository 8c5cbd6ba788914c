import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

const PROJECT = resolve(__dirname, '../../..');

/** Half of it is run by a unit test, the other half only by the process that an e2e test starts. */
const SOURCES: Readonly<Record<string, string>> = {
  'libs/domain/src/index.ts': `
export function sign(n: number): string {
  if (n < 0) {
    return 'negative';
  }
  return n === 0 ? 'zero' : 'positive';
}
`,
  'libs/application/src/index.ts': `
import { sign } from '@task/domain';
export class Signs {
  constructor(private readonly prefix?: string) {}
  of(n: number): string {
    return (this.prefix ?? '') + sign(n);
  }
}
`,
  'src/main.ts': `
import { Signs } from '@task/application';
const explain = (words: string[]): string => words.join();
process.stdout.write(explain(process.argv.slice(2).map((n) => new Signs().of(Number(n)))));
`,
};

const UNIT = `
import { Signs } from '@task/application';
it('knows what is negative', () => expect(new Signs('is ').of(-1)).toBe('is negative'));
`;
const e2e = (...numbers: number[]): string => `
import { execFileSync } from 'node:child_process';
it('knows the rest', () => {
  const answer = execFileSync(process.execPath, ['dist/src/main.js', ...${JSON.stringify(numbers.map(String))}], {
    cwd: __dirname + '/../..', encoding: 'utf8', env: {},
  });
  expect(answer.split(',')).toHaveLength(${numbers.length});
});
`;

interface Run {
  readonly code: number;
  readonly output: string;
}

describe('the test command', () => {
  let root: string;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'test-command-')));
    write(SOURCES);
    for (const path of ['jest.config.js', 'test/support/run-tests.mjs', 'test/support/coverage-report']) {
      cpSync(join(PROJECT, path), join(root, path), {
        recursive: true,
        filter: (each) => !each.endsWith('.spec.ts'),
      });
    }
    symlinkSync(join(PROJECT, 'node_modules'), join(root, 'node_modules'));
    Object.keys(SOURCES).forEach(build);
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }

  /** What the build does: CommonJS by TypeScript itself, aliases rewritten, source maps beside. */
  function build(path: string): void {
    const { outputText, sourceMapText = '' } = transpileModule(readFileSync(join(root, path), 'utf8'), {
      compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2023, sourceMap: true },
    });
    const built = join('dist', path.replace(/\.ts$/, '.js'));
    const up = '../'.repeat(built.split('/').length - 1);
    write({
      [built]: outputText.replace(/require\("@task\/(\w+)"\)/g, `require("${up}dist/libs/$1/src/index.js")`),
      [`${built}.map`]: JSON.stringify({ ...JSON.parse(sourceMapText), sources: [`${up}${path}`] }),
    });
  }

  function runTests(): Promise<Run> {
    return new Promise((resolveRun) => {
      const args = [join(root, 'test/support/run-tests.mjs'), '--runInBand'];
      execFile(process.execPath, args, { cwd: root }, (error, stdout, stderr) => {
        resolveRun({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
      });
    });
  }

  it('adds what started processes cover to what Jest covers', async () => {
    write({ 'src/unit.spec.ts': UNIT, 'test/e2e/process.spec.ts': e2e(0, 1) });

    const { code, output } = await runTests();

    expect(output).toMatch(/^total libs\/domain\/src +100\.00 % +3\/3 +100\.00 % +4\/4$/m);
    expect(output).toMatch(/^total libs\/application\/src +100\.00 % +1\/1 +100\.00 % +2\/2$/m);
    expect(output).toMatch(/^src +100\.00 % +4\/4 +100\.00 % +0\/0$/m);
    expect(output).toMatch(/^2 passed, 0 failed, 0 skipped$/m);
    expect(code).toBe(0);
  });

  it('fails and names the figure when only one half was run', async () => {
    write({ 'src/unit.spec.ts': UNIT });

    const { code, output } = await runTests();

    expect(output).toContain('coverage of libs/domain/src: 66.66 % of statements, at least 90 % are needed');
    expect(output).toContain('coverage of libs/domain/src: 25.00 % of branches, at least 90 % are needed');
    expect(output).toContain('libs/application/src: 50.00 % of branches');
    expect(output).toContain('src/main.ts: 4 statements not run, at lines 3, 4');
    expect(code).toBe(1);
  });

  it('counts a branch that no run took as missing, and says where', async () => {
    write({ 'src/unit.spec.ts': UNIT, 'test/e2e/process.spec.ts': e2e(1) });

    const { code, output } = await runTests();

    expect(output).toContain('coverage of libs/domain/src: 75.00 % of branches, at least 90 % are needed');
    expect(output).toContain('libs/domain/src/index.ts: 1 branches not run, at lines 6');
    expect(code).toBe(1);
  });

  it('fails when a test fails, however much is covered', async () => {
    write({
      'src/unit.spec.ts': UNIT,
      'test/e2e/process.spec.ts': e2e(0, 1),
      'test/e2e/broken.spec.ts':
        "it('fails', () => expect(1).toBe(2));\nit.skip('waits', () => undefined);\n",
    });

    const { code, output } = await runTests();

    expect(output).not.toContain('are needed');
    expect(output).toMatch(/^2 passed, 1 failed, 1 skipped$/m);
    expect(code).toBe(1);
  });

  it('fails when a suite cannot be loaded', async () => {
    write({
      'src/unit.spec.ts': UNIT,
      'test/e2e/process.spec.ts': e2e(0, 1),
      'test/e2e/broken.spec.ts': "import './nowhere';\nit('never runs', () => undefined);\n",
    });

    const { code, output } = await runTests();

    expect(output).toMatch(/^2 passed, 1 failed, 0 skipped$/m);
    expect(code).toBe(1);
  });

  it('fails when a layer that must be covered holds nothing to measure', async () => {
    write({
      'libs/application/src/index.ts': 'export type Nothing = never;\n',
      'src/unit.spec.ts': "it('runs', () => undefined);\n",
    });

    const { code, output } = await runTests();

    expect(output).toContain('coverage of libs/application/src: nothing was found to measure');
    expect(code).toBe(1);
  });

  it('leaves its figures in the usual format and the raw counts of processes nowhere', async () => {
    write({ 'src/unit.spec.ts': UNIT, 'test/e2e/process.spec.ts': e2e(0, 1) });

    await runTests();

    const figures = JSON.parse(readFileSync(join(root, 'coverage/coverage-final.json'), 'utf8'));
    expect(Object.keys(figures).sort()).toEqual(
      Object.keys(SOURCES)
        .map((path) => join(root, path))
        .sort(),
    );
    expect(existsSync(join(root, 'coverage/children'))).toBe(false);
  });
});
