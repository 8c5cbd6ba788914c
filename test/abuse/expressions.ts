import { readFileSync } from 'node:fs';
import {
  createSourceFile,
  forEachChild,
  isNewExpression,
  isRegularExpressionLiteral,
  ScriptTarget,
  type Node,
} from 'typescript';

/** A regular expression of a file. */
export interface Expression {
  readonly file: string;
  readonly written: string;
  readonly expression: RegExp;
  readonly isMadeAtRunTime: boolean;
}

/** The regular expressions of a file. */
export interface ExpressionsOfFile {
  readonly file: string;
  /** Those that it writes out, and those that it makes when it is loaded. */
  readonly known: readonly Expression[];
  /** How many it makes later, of which nobody knows beforehand what they are. */
  readonly madeLater: number;
}

/** Looks for every regular expression of a file. */
export function expressionsIn(file: string): ExpressionsOfFile {
  const literals: string[] = [];
  let constructions = 0;
  const visit = (node: Node): void => {
    if (isRegularExpressionLiteral(node)) literals.push(node.text);
    if (isNewExpression(node) && node.expression.getText() === 'RegExp') constructions += 1;
    forEachChild(node, visit);
  };
  visit(createSourceFile(file, readFileSync(file, 'utf8'), ScriptTarget.Latest, true));
  const made = constructions === 0 ? [] : madeBy(file);
  const written = literals.map((text) => ({
    file,
    written: text,
    expression: parsed(text),
    isMadeAtRunTime: false,
  }));
  const built = made.map((expression) => ({
    ...{ file, written: String(expression), expression, isMadeAtRunTime: true },
  }));
  return { file, known: [...written, ...built], madeLater: constructions - made.length };
}

function parsed(written: string): RegExp {
  const end = written.lastIndexOf('/');
  return new RegExp(written.slice(1, end), written.slice(end + 1));
}

/** Loads a file, and notes which expressions are made by it meanwhile. */
function madeBy(file: string): RegExp[] {
  const made: RegExp[] = [];
  const Original = globalThis.RegExp;
  globalThis.RegExp = new Proxy(Original, {
    construct(target, [pattern, flags]: [string, string | undefined]) {
      const expression = new target(pattern, flags);
      if (new Error('where').stack?.split('\n')[2]?.includes(file) === true) made.push(expression);
      return expression;
    },
  });
  try {
    jest.isolateModules(() => jest.requireActual(file));
  } finally {
    globalThis.RegExp = Original;
  }
  return made;
}
