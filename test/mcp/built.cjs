'use strict';

// Lets TypeScript of the tests run as it is, over the built product: what it imports from src/ and from the libs is
// taken from dist/.

const { readFileSync } = require('node:fs');
const Module = require('node:module');
const { join, relative, resolve } = require('node:path');
const { transformSync } = require('@swc/core');

const ROOT = resolve(__dirname, '../..');
const LIB = /^@task\/(domain|application|infrastructure)$/;
const OPTIONS = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true },
  },
  module: { type: 'commonjs' },
};

const find = Module._resolveFilename;
Module._resolveFilename = function (name, parent, ...rest) {
  const [, lib] = LIB.exec(name) ?? [];
  const isOurs = parent?.filename?.startsWith(join(ROOT, 'test/')) === true;
  if (lib !== undefined && isOurs) return join(ROOT, 'dist/libs', lib, 'src/index.js');
  if (!name.startsWith('.') || !isOurs) return find.call(this, name, parent, ...rest);
  const path = resolve(parent.filename, '..', name);
  const inProject = relative(ROOT, path);
  if (inProject.startsWith('src/')) return join(ROOT, 'dist', `${inProject}.js`);
  return find.call(this, path, parent, ...rest);
};

Module._extensions['.ts'] = (module, filename) => {
  const { code } = transformSync(readFileSync(filename, 'utf8'), { ...OPTIONS, filename });
  module._compile(code, filename);
};
