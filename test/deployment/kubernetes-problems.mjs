import { resolve } from 'node:path';
import { json } from 'node:stream/consumers';
import ts from 'typescript';

// Reads Kubernetes objects as a JSON array from standard input, and prints what is wrong with each by Kubernetes' own
// OpenAPI schema, in the form of the package `kubernetes-models`: its validators know kinds of values, formats and what
// is required, and its types, by which names that do not exist are found. It can only be imported, which Jest cannot.

const OPTIONS = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
};

const objects = await json(process.stdin);
const program = programOf(new Map(objects.map((object, index) => [nameOf(index), sourceOf(object)])));
const problems = await Promise.all(
  objects.map(async (object, index) => [...(await broken(object)), ...unknownNames(nameOf(index))]),
);
console.log(JSON.stringify(problems));

async function broken(object) {
  const { [object.kind]: Model } = await import(`kubernetes-models/${object.apiVersion}`);
  try {
    new Model(object).validate();
    return [];
  } catch ({ message }) {
    return [message];
  }
}

function unknownNames(name) {
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(name))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

/** Beside this file, so that packages are found; no such file is written. */
function nameOf(index) {
  return resolve(import.meta.dirname, `object-${index}.mts`);
}

function sourceOf({ apiVersion, kind, ...rest }) {
  const object = JSON.stringify({ apiVersion, kind, ...rest });
  return `import type { I${kind} } from 'kubernetes-models/${apiVersion}'; export const object: I${kind} = ${object};`;
}

/** A program whose files are these sources. */
function programOf(sources) {
  const host = ts.createCompilerHost(OPTIONS);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (name) => sources.has(name) || fileExists(name);
  host.readFile = (name) => sources.get(name) ?? readFile(name);
  host.getSourceFile = (name, ...rest) =>
    sources.has(name)
      ? ts.createSourceFile(name, sources.get(name), OPTIONS.target)
      : getSourceFile(name, ...rest);
  return ts.createProgram([...sources.keys()], OPTIONS, host);
}
