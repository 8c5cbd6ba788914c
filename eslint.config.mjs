import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import jsdoc from 'eslint-plugin-jsdoc';
import { defineConfig } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const SPECS = ['**/*.spec.ts', '**/*.fixture.ts', 'test/**/*.ts'];
const CORE = ['libs/domain/src/**/*.ts', 'libs/application/src/**/*.ts'];

const NAMED_EXPORTS = {
  selector: 'ExportDefaultDeclaration',
  message: 'Export by name: a default export may be called anything by whoever imports it.',
};
const EXPORTED_WHERE_DECLARED = {
  selector: 'ExportNamedDeclaration[source=null][specifiers.length>0]',
  message: 'Export the declaration itself: its docstring is looked for there.',
};
const NO_FOCUSED_OR_SKIPPED_TESTS = [
  {
    selector:
      'CallExpression[callee.object.name=/^(it|test|describe)$/][callee.property.name=/^(only|skip|todo)$/]',
    message: 'A committed test always runs; choose between `it` and `it.skip` only by what the machine has.',
  },
  {
    selector: 'CallExpression[callee.name=/^(fit|fdescribe|xit|xtest|xdescribe)$/]',
    message: 'A committed test always runs.',
  },
];

/** What must carry a docstring: everything that another file can import. */
const EXPORTED = [
  'ExportNamedDeclaration > FunctionDeclaration',
  'ExportNamedDeclaration > ClassDeclaration',
  'ExportNamedDeclaration > TSDeclareFunction',
  'ExportNamedDeclaration > TSInterfaceDeclaration',
  'ExportNamedDeclaration > TSTypeAliasDeclaration',
  'ExportNamedDeclaration > TSEnumDeclaration',
  'ExportNamedDeclaration:has(> VariableDeclaration)',
];

export default defineConfig(
  { ignores: ['dist/', 'coverage/', 'data/', 'node_modules/'] },
  // A rule that can be switched off in a comment holds nothing.
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  { rules: { 'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'] }] } },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      globals: globals.node,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // Classes that only describe a shape (Swagger's views, options) are filled with object literals.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // A port promises; with `async` an adapter that answers at once also throws into the promise.
      '@typescript-eslint/require-await': 'off',
      // What a row of SQL looks like is the caller's word: the type stands once in the signature, by its nature.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // Code points are what the limits on text count.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // Nest's modules are empty classes under a decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      'max-lines': ['error', { max: 300 }],
      'no-restricted-syntax': ['error', NAMED_EXPORTS],
      eqeqeq: 'error',
    },
  },
  {
    // Not beyond these two: where a constructor's types are read at run time for injection, an
    // `import type` would take away what is injected.
    files: CORE,
    rules: { '@typescript-eslint/consistent-type-imports': 'error' },
  },
  {
    files: CORE,
    ignores: SPECS,
    plugins: { jsdoc },
    settings: { jsdoc: { mode: 'typescript' } },
    rules: {
      'no-restricted-syntax': ['error', NAMED_EXPORTS, EXPORTED_WHERE_DECLARED],
      'jsdoc/require-jsdoc': [
        'error',
        {
          enableFixer: false,
          require: { FunctionDeclaration: false },
          contexts: EXPORTED,
        },
      ],
      'jsdoc/require-description': ['error', { contexts: EXPORTED }],
      'jsdoc/check-alignment': 'error',
      'jsdoc/check-param-names': ['error', { disableMissingParamChecks: true }],
    },
  },
  {
    files: ['libs/**/*.ts', 'src/**/*.ts'],
    // The command line talks to its user; everybody else has the logger, and standard output is MCP's.
    ignores: ['src/cli/**', ...SPECS],
    rules: { 'no-console': 'error' },
  },
  {
    files: SPECS,
    rules: {
      // What an error holds beside its message is compared as a plain object.
      '@typescript-eslint/no-misused-spread': 'off',
      'max-lines': ['error', { max: 500 }],
      'no-restricted-syntax': ['error', NAMED_EXPORTS, ...NO_FOCUSED_OR_SKIPPED_TESTS],
      // What comes over the wire is `any` in supertest and JSON.parse; `expect` is what checks it.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/unbound-method': 'off',
    },
  },
  {
    files: ['examples/*/test/*.ts'],
    rules: {
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', name: ['describe', 'it'], package: 'node:test' }] },
      ],
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: globals.node },
    rules: { 'max-lines': ['error', { max: 300 }] },
  },
  {
    files: ['**/*.cjs', 'jest.config.js'],
    languageOptions: { sourceType: 'commonjs', globals: globals.node },
  },
  {
    // The one file that must be readable to a Node of any age.
    files: ['bin/*.js'],
    languageOptions: {
      ecmaVersion: 5,
      sourceType: 'script',
      globals: { ...globals.node, ...globals.commonjs },
    },
    rules: { strict: ['error', 'global'], 'no-unused-vars': ['error', { caughtErrors: 'none' }] },
  },
  prettier,
);
