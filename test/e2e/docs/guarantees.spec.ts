import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  createSourceFile,
  forEachChild,
  isCallExpression,
  isStringLiteralLike,
  ScriptTarget,
  type Node,
} from 'typescript';

const PROJECT = resolve(__dirname, '../../..');
const PAGE = readFileSync(join(PROJECT, 'docs/guarantees.md'), 'utf8');
const PROMISES = PAGE.split(/^### /m).slice(1);
const HOLDING = /^- \[([^\]]+)\]\(\.\.\/([^)]+)\): “(.+)”$/gm;

const namedTests = [...PAGE.matchAll(HOLDING)].map(([, told = '', path = '', title = '']) => ({
  told,
  path,
  title,
}));
const titlesByFile = new Map<string, ReadonlySet<string>>();

describe('what is promised', () => {
  it.each(namedTests)('is held by $path: $title', ({ told, path, title }) => {
    expect(path).toBe(told);
    expect([...titlesOf(path)]).toContain(title);
  });

  it.each(PROMISES.map((promise) => [promise.split('\n')[0] ?? '', promise]))(
    'names what holds it: %s',
    (_name, promise) => {
      expect([...promise.matchAll(HOLDING)]).not.toEqual([]);
    },
  );

  it('names tests in no other way, which nobody would look at', () => {
    const listed = PAGE.split('\n').filter((line) => line.startsWith('- '));
    expect(listed).toHaveLength(namedTests.length);
  });
});

/** The titles of the tests of a file. */
function titlesOf(path: string): ReadonlySet<string> {
  const known = titlesByFile.get(path);
  if (known !== undefined) return known;
  const titles = new Set<string>();
  const file = join(PROJECT, path);
  if (!existsSync(file)) return titles;
  const visit = (node: Node): void => {
    const title =
      isCallExpression(node) && /^it(Needing)?\b/.test(node.expression.getText())
        ? node.arguments[0]
        : undefined;
    if (title !== undefined && isStringLiteralLike(title)) titles.add(title.text);
    forEachChild(node, visit);
  };
  visit(createSourceFile(file, readFileSync(file, 'utf8'), ScriptTarget.Latest, true));
  titlesByFile.set(path, titles);
  return titles;
}
