// A fixture is what specs of one folder share and that knows the inside of its lib.
const SPEC = '\\.(?:spec|fixture)\\.ts$';
const ADAPTER = '^src/(http/(?:orchestrator|task-manager|agent-tasks)|mcp|cli|worker)/';
const COMPOSITION_ROOT = ['^src/main\\.ts$', '^src/.+\\.module\\.ts$', '^src/cli/'];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'domain-imports-nothing',
      comment: 'The domain is plain TypeScript: no package, no Node module, no other layer.',
      severity: 'error',
      from: { path: '^libs/domain/', pathNot: SPEC },
      to: { pathNot: '^libs/domain/' },
    },
    {
      name: 'application-imports-domain-only',
      comment: 'A use case knows the domain and its own ports.',
      severity: 'error',
      from: { path: '^libs/application/', pathNot: SPEC },
      to: { pathNot: '^libs/(?:application|domain)/' },
    },
    {
      name: 'core-specs-stay-in-the-core',
      comment: 'What is tested without an adapter cannot come to depend on one.',
      severity: 'error',
      from: { path: `^libs/(?:domain|application)/.+${SPEC}` },
      to: { path: ['^libs/infrastructure/', '^src/'] },
    },
    {
      name: 'domain-specs-stay-in-the-domain',
      severity: 'error',
      from: { path: `^libs/domain/.+${SPEC}` },
      to: { path: '^libs/application/' },
    },
    {
      name: 'libs-do-not-import-src',
      comment: 'A driven adapter is called through its port; it does not know who drives.',
      severity: 'error',
      from: { path: '^libs/infrastructure/' },
      to: { path: '^src/' },
    },
    {
      name: 'driving-adapters-are-strangers',
      comment: 'What two of them share is a use case, or belongs to src/http/shared.',
      severity: 'error',
      // The command line composes: it starts what there is.
      from: { path: ADAPTER, pathNot: '^src/cli/' },
      to: { path: ADAPTER, pathNot: '^src/$1/' },
    },
    {
      name: 'client-knows-the-wire-only',
      comment: 'Whoever reaches a service over its socket or its address knows nothing of what is behind it.',
      severity: 'error',
      from: { path: '^src/client/', pathNot: SPEC },
      to: { path: '^(?:src|libs)/', pathNot: '^src/client/' },
    },
    {
      name: 'only-composition-roots-import-infrastructure',
      comment:
        'main.ts, modules and the command line choose the adapters; everybody else sees ports. Types count.',
      severity: 'error',
      from: { path: '^src/', pathNot: [...COMPOSITION_ROOT, SPEC] },
      to: { path: '^libs/infrastructure/' },
    },
    {
      name: 'no-import-past-a-barrel',
      comment: 'A lib shows what its index.ts exports.',
      severity: 'error',
      from: { path: '^(?:src|test)/|^[^/]+\\.ts$' },
      to: { path: '^libs/[^/]+/', pathNot: '^libs/[^/]+/src/index\\.ts$' },
    },
    {
      name: 'no-import-past-a-barrel-between-libs',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/[^/]+/', pathNot: ['^libs/$1/', '^libs/[^/]+/src/index\\.ts$'] },
    },
    {
      name: 'no-relative-import-across-libs',
      comment: 'Through the bare alias (@task/domain), so that a lib can move.',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/[^/]+/', pathNot: '^libs/$1/', dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'no-relative-import-of-a-lib',
      comment: 'Through the bare alias (@task/domain), so that a lib can move.',
      severity: 'error',
      from: { path: '^(?:src|test)/|^[^/]+\\.ts$' },
      to: { path: '^libs/[^/]+/', dependencyTypesNot: ['aliased'] },
    },
    {
      name: 'no-cycles',
      comment: 'Types count too: files that know each other are one file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'product-does-not-import-test',
      severity: 'error',
      from: { path: '^(?:src|libs)/', pathNot: SPEC },
      to: { path: ['^test/', SPEC] },
    },
    {
      name: 'specs-import-only-test-support',
      comment: 'A spec beside its file may use the builders, not another suite.',
      severity: 'error',
      from: { path: `^(?:src|libs)/.+${SPEC}` },
      to: { path: '^test/', pathNot: '^test/support/' },
    },
    {
      name: 'no-unresolvable',
      comment: 'A deep path such as @task/domain/src/task is no alias.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'product-imports-declared-packages',
      comment: 'What runs in production is in dependencies; types vanish and may come from anywhere.',
      severity: 'error',
      from: { path: '^(?:src|libs)/', pathNot: SPEC },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^coverage/'] },
    tsConfig: { fileName: 'tsconfig.json' },
    // Imports of types are imports: a layer that names another's type depends on it.
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
    skipAnalysisNotInRules: true,
  },
};
