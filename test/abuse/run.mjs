import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

// Runs the whole abuse suite, of which `npm test` runs a small part. Arguments go to Jest; TEST_SEED repeats a run.

const root = resolve(import.meta.dirname, '../..');
const jest = spawn(
  process.execPath,
  [join(root, 'node_modules/jest/bin/jest.js'), '--selectProjects', 'abuse', '-i', ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, ABUSE: 'whole' } },
);
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => jest.kill(signal));
jest.on('exit', (code) => {
  process.exitCode = code ?? 1;
});
