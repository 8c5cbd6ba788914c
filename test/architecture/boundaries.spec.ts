import { cruise, ruleNames, type Verdict } from './cruise';
import { LAWFUL, plant, type Sources } from './planted-tree';

/** Each breaks the rule it is listed under, in a file of its own. */
const VIOLATIONS: Readonly<Record<string, Sources>> = {
  'domain-imports-nothing': {
    'libs/domain/src/uses-node.ts': "import 'node:crypto';\n",
    'libs/domain/src/uses-a-package.ts': "import 'declared';\n",
    'libs/domain/src/uses-a-type.ts':
      "import type { claim } from '@task/application';\nexport type C = typeof claim;\n",
    'libs/domain/src/uses-an-adapter.ts': "import '@task/infrastructure';\n",
  },
  'application-imports-domain-only': {
    'libs/application/src/uses-node.ts': "import 'node:fs';\n",
    'libs/application/src/uses-a-package.ts': "import 'declared';\n",
    'libs/application/src/uses-an-adapter.ts':
      "import type { Store } from '@task/infrastructure';\nexport type S = typeof Store;\n",
    'libs/application/src/uses-a-dialect.ts': "import '../../../src/http/shared/envelope';\n",
  },
  'core-specs-stay-in-the-core': {
    'libs/domain/src/with-a-store.spec.ts': "import '@task/infrastructure';\n",
    'libs/application/src/with-a-dialect.spec.ts': "import '../../../src/http/shared/envelope';\n",
  },
  'domain-specs-stay-in-the-domain': {
    'libs/domain/src/with-a-use-case.spec.ts': "import '@task/application';\n",
  },
  'libs-do-not-import-src': {
    'libs/infrastructure/src/uses-a-dialect.ts': "import '../../../src/http/shared/envelope';\n",
  },
  'driving-adapters-are-strangers': {
    'src/http/orchestrator/uses-b.ts': "import '../task-manager/tasks.controller';\n",
    'src/http/task-manager/uses-c.ts': "import '../agent-tasks/tasks.controller';\n",
    'src/http/agent-tasks/uses-mcp.ts': "import '../../mcp/tools';\n",
    'src/mcp/uses-the-cli.ts': "import '../cli/serve';\n",
    'src/worker/uses-the-cli.ts': "import '../cli/serve';\n",
    'src/mcp/uses-the-worker.ts': "import '../worker/loop';\n",
    'src/worker/uses-a.ts':
      "import type { controller } from '../http/orchestrator/tasks.controller';\nexport type A = typeof controller;\n",
  },
  'only-composition-roots-import-infrastructure': {
    'src/http/orchestrator/uses-a-store.ts': "import '@task/infrastructure';\n",
    'src/http/shared/uses-a-store-type.ts':
      "import type { Store } from '@task/infrastructure';\nexport type S = typeof Store;\n",
    'src/worker/uses-a-store.ts': "import '@task/infrastructure';\n",
    'src/not-main.ts': "import '@task/infrastructure';\n",
  },
  'no-import-past-a-barrel': {
    'src/http/shared/past-the-barrel.ts': "import '../../../libs/domain/src/task/task';\n",
    'test/contracts/past-the-barrel.ts': "import '../../libs/infrastructure/src/store';\n",
    'past-the-barrel.ts': "import './libs/infrastructure/src/store';\n",
  },
  'no-import-past-a-barrel-between-libs': {
    'libs/application/src/past-the-barrel.ts': "import '../../domain/src/task/task';\n",
    'libs/infrastructure/src/past-the-barrel.ts': "import '../../application/src/tasks/claim';\n",
  },
  'no-relative-import-across-libs': {
    'libs/application/src/by-path.ts': "import '../../domain/src/index';\n",
    'libs/infrastructure/src/by-path.ts': "import '../../application/src';\n",
  },
  'no-relative-import-of-a-lib': {
    'src/http/shared/by-path.ts': "import '../../../libs/domain/src';\n",
    'test/contracts/by-path.ts': "import '../../libs/domain/src/index';\n",
    'by-path.ts': "import './libs/domain/src';\n",
  },
  'client-knows-the-wire-only': {
    'src/client/knows-a-rule.ts': "import '@task/domain';\n",
    'src/client/knows-a-door.ts': "import '../mcp/tools';\n",
  },
  'no-cycles': {
    'libs/domain/src/hen.ts': "import type { Egg } from './egg';\nexport type Hen = Egg | 1;\n",
    'libs/domain/src/egg.ts': "import type { Hen } from './hen';\nexport type Egg = Hen | 2;\n",
    'src/mcp/hen.ts': "import './egg';\n",
    'src/mcp/egg.ts': "import './hen';\n",
  },
  'product-does-not-import-test': {
    'libs/infrastructure/src/uses-a-builder.ts': "import '../../../test/support/a-task';\n",
    'src/mcp/uses-a-builder.ts': "import '../../test/support/a-task';\n",
    'libs/domain/src/uses-a-spec.ts': "import './task/task.spec';\n",
    'libs/infrastructure/src/uses-a-fixture.ts': "import './fake-store.fixture';\n",
  },
  'specs-import-only-test-support': {
    'libs/domain/src/with-a-suite.spec.ts': "import '../../../test/contracts/store.contract';\n",
    'src/mcp/with-a-suite.spec.ts': "import '../../test/contracts/store.contract';\n",
    'libs/infrastructure/src/with-a-suite.fixture.ts': "import '../../../test/contracts/store.contract';\n",
  },
  'no-unresolvable': {
    'src/mcp/deep-alias.ts': "import '@task/domain/src/task/task';\n",
    'libs/infrastructure/src/nowhere.ts': "import './nowhere-at-all';\n",
  },
  'product-imports-declared-packages': {
    'src/mcp/uses-a-development-package.ts': "import 'development';\n",
    'libs/infrastructure/src/uses-a-development-package.ts': "import 'development';\n",
  },
};

async function verdictOn(sources: Sources): Promise<Verdict> {
  const tree = plant(sources);
  try {
    return await cruise(tree.root);
  } finally {
    tree.remove();
  }
}

describe('the boundaries between layers', () => {
  let planted: Verdict;

  beforeAll(async () => {
    planted = await verdictOn(Object.assign({}, LAWFUL, ...Object.values(VIOLATIONS)));
  });

  it.each(Object.keys(VIOLATIONS))('catches each planted violation of %s', (rule) => {
    const caught = planted.violations.filter((violation) => violation.rule === rule).map(({ from }) => from);

    expect(caught).toEqual(expect.arrayContaining(Object.keys(VIOLATIONS[rule] ?? {})));
  });

  it('has a planted violation for every rule', () => {
    expect(Object.keys(VIOLATIONS).sort()).toEqual(ruleNames().sort());
  });

  it('blames nobody but the planted files', () => {
    const guilty = Object.values(VIOLATIONS).flatMap((sources) => Object.keys(sources));

    expect(planted.violations.filter(({ from }) => !guilty.includes(from))).toEqual([]);
  });

  it('lets a lawful tree of the same layout pass', async () => {
    const lawful = await verdictOn(LAWFUL);

    expect(lawful.violations).toEqual([]);
    expect(lawful.filesSeen).toEqual(
      expect.arrayContaining(Object.keys(LAWFUL).filter((path) => path.endsWith('.ts'))),
    );
  });

  it('finds the product itself within its boundaries', async () => {
    const product = await cruise();

    expect(product.violations).toEqual([]);
    for (const folder of ['libs/domain/', 'libs/application/', 'libs/infrastructure/', 'src/', 'test/']) {
      expect(product.filesSeen.some((path) => path.startsWith(folder))).toBe(true);
    }
  });
});
