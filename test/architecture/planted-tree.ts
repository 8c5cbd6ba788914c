import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** File contents by path, relative to the tree's root. */
export type Sources = Readonly<Record<string, string>>;

/** A folder of the project's layout somewhere else, which its maker can throw away. */
export interface PlantedTree {
  readonly root: string;
  remove(): void;
}

/** The layout with one lawful file in each place: no boundary is crossed. */
export const LAWFUL: Sources = {
  'package.json': JSON.stringify({ dependencies: { declared: '1' }, devDependencies: { development: '1' } }),
  'node_modules/declared/package.json': JSON.stringify({ name: 'declared', main: 'index.js' }),
  'node_modules/declared/index.js': 'exports.declared = 1;\n',
  'node_modules/development/package.json': JSON.stringify({ name: 'development', main: 'index.js' }),
  'node_modules/development/index.js': 'exports.development = 1;\n',
  'tsconfig.json': JSON.stringify({
    compilerOptions: {
      module: 'nodenext',
      moduleResolution: 'nodenext',
      paths: Object.fromEntries(
        ['domain', 'application', 'infrastructure'].map((lib) => [
          `@task/${lib}`,
          [`./libs/${lib}/src/index.ts`],
        ]),
      ),
    },
  }),
  'ormconfig.ts': "export { Store as default } from '@task/infrastructure';\n",
  'libs/domain/src/index.ts': "export { task } from './task/task';\n",
  'libs/domain/src/task/task.ts': 'export const task = 1;\nexport type Task = typeof task;\n',
  'libs/domain/src/task/task.spec.ts':
    "import 'development';\nimport { aTask } from '../../../../test/support/a-task';\nimport { task } from './task';\nexport { aTask, task };\n",
  'libs/application/src/index.ts': "export { claim } from './tasks/claim';\n",
  'libs/application/src/tasks/claim.ts': "export { task as claim } from '@task/domain';\n",
  'libs/infrastructure/src/index.ts': "export { Store } from './store';\n",
  'libs/infrastructure/src/store.ts':
    "import { readFileSync } from 'node:fs';\nimport 'declared';\nimport { claim } from '@task/application';\nimport { task } from '@task/domain';\nexport const Store = { readFileSync, claim, task };\n",
  'libs/infrastructure/src/fake-store.fixture.ts':
    "import { aTask } from '../../../test/support/a-task';\nexport const fakeStore = { aTask };\n",
  'src/main.ts': "import './cli/serve';\nexport { Store } from '@task/infrastructure';\n",
  'src/app.module.ts': "import './http/orchestrator/orchestrator.module';\nimport '@task/infrastructure';\n",
  'src/cli/serve.ts': "import '../app.module';\nimport '@task/infrastructure';\n",
  'src/http/shared/envelope.ts': 'export const envelope = 1;\n',
  'src/http/orchestrator/orchestrator.module.ts':
    "import './tasks.controller';\nimport '@task/infrastructure';\n",
  'src/http/orchestrator/tasks.controller.ts':
    "import { envelope } from '../shared/envelope';\nimport { claim } from '@task/application';\nexport const controller = { envelope, claim };\n",
  'src/http/task-manager/tasks.controller.ts': 'export const controller = 1;\n',
  'src/http/agent-tasks/tasks.controller.ts': 'export const controller = 1;\n',
  'src/mcp/tools.ts': 'export const tools = 1;\n',
  'src/worker/loop.ts': 'export const loop = 1;\n',
  'test/support/a-task.ts': "export { task as aTask } from '@task/domain';\n",
  'test/contracts/store.contract.ts': "export { Store as contract } from '@task/infrastructure';\n",
};

/** Writes the sources below a new temporary folder. */
export function plant(sources: Sources): PlantedTree {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'boundaries-')));
  for (const [path, text] of Object.entries(sources)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
