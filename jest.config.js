/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/libs', '<rootDir>/test'],
  testRegex: '\\.spec\\.ts$',
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
};
