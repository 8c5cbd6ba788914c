const shared = {
  rootDir: __dirname,
  testEnvironment: '<rootDir>/test/support/coverage-report/environment.cjs',
  roots: ['<rootDir>/src', '<rootDir>/libs', '<rootDir>/test'],
  transform: {
    '^.+\\.(t|j)s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
        sourceMaps: true,
      },
    ],
  },
  // NestJS 12 is ESM only: it is the one dependency that Jest has to translate.
  transformIgnorePatterns: ['node_modules/(?!(@nestjs)/)'],
  moduleNameMapper: {
    '^@task/(domain|application|infrastructure)$': '<rootDir>/libs/$1/src/index.ts',
  },
  coveragePathIgnorePatterns: ['/node_modules/', '<rootDir>/test/'],
};

const SUITES = {
  unit: ['libs', 'src', 'test/properties'],
  project: ['test/architecture', 'test/support'],
  contracts: ['test/contracts', 'test/migrations', 'test/plans', 'test/faults'],
  abuse: ['test/abuse'],
};
const suite = (displayName, folders, otherFolders = []) => ({
  ...shared,
  displayName,
  testMatch: folders.map((folder) => `<rootDir>/${folder}/**/*.spec.ts`),
  testPathIgnorePatterns: ['node_modules', ...otherFolders].map((folder) => `<rootDir>/${folder}/`),
});

/** @type {import('jest').Config} */
module.exports = {
  maxWorkers: 3,
  testTimeout: 120_000,
  coverageProvider: 'v8',
  projects: [
    ...Object.entries(SUITES).map(([name, folders]) => suite(name, folders)),
    // All that is left below test/, so that no spec is ever left out.
    suite('e2e', ['test'], Object.values(SUITES).flat()),
  ],
};
