import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { report } from './coverage-report/report.mjs';

// Runs all tests with coverage, also that of the processes which they start. Fails when a test fails or a
// threshold is missed. Arguments go to Jest.

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'coverage');
const children = join(folder, 'children');
const results = join(folder, 'jest-results.json');

rmSync(folder, { recursive: true, force: true });
mkdirSync(children, { recursive: true });

const jest = spawn(
  process.execPath,
  [
    join(root, 'node_modules/jest/bin/jest.js'),
    '--coverage',
    '--coverageReporters=none',
    // Counting keeps whatever a worker has ever loaded, and goes through all of it for each file: a fresh one is faster.
    '--workerIdleMemoryLimit=300MB',
    '--json',
    `--outputFile=${results}`,
    '--reporters=default',
    `--reporters=${join(import.meta.dirname, 'coverage-report/reporter.mjs')}`,
    ...process.argv.slice(2),
  ],
  {
    cwd: root,
    stdio: 'inherit',
    // Jest counts for itself; being counted as well would disturb that.
    env: { ...process.env, NODE_V8_COVERAGE: '', CHILD_COVERAGE_FOLDER: children },
  },
);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => jest.kill(signal));

jest.on('exit', (code) => {
  const failures = existsSync(join(folder, 'jest-coverage.json'))
    ? report({ root, folder })
    : ['coverage: Jest ended without counting'];
  rmSync(children, { recursive: true, force: true });
  console.log(closingLine(failures.length));
  process.exitCode = code === 0 && failures.length === 0 ? 0 : 1;
});

function closingLine(missedThresholds) {
  if (!existsSync(results)) return '0 passed, 1 failed, 0 skipped';
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites, numPendingTests, numTodoTests } =
    JSON.parse(readFileSync(results, 'utf8'));
  const failed = numFailedTests + numRuntimeErrorTestSuites + missedThresholds;
  return `${numPassedTests} passed, ${failed} failed, ${numPendingTests + numTodoTests} skipped`;
}
