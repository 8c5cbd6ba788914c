import { globSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { runInNewContext } from 'node:vm';
import { isSafe } from 'redos-detector';
import { expressionsIn, type Expression } from './expressions';

const PROJECT = resolve(__dirname, '../..');
/** The paths that one text can take through an expression: beyond this, the checker says that they may have no end. */
const MOST_PATHS = 50;
/** Headers together are not longer, and neither are the texts of fields in which a rule searches. */
const LONGEST = 16_384;
/** What the harmless ones read is not longer. */
const LONGEST_HARMLESS = 1_024;
const ATTACK_MS = 5_000;

/** Expressions in which the checker sees paths without an end, and why nothing comes of it. */
const HARMLESS: ReadonlyMap<string, string> = new Map([
  [String.raw`/\n\s+at /`, 'reads the stack of an error'],
  [String.raw`/%[\w.-]+$/`, 'a zone in a setting: no % is within'],
  [String.raw`/^(.*?\/\/)?.*@/s`, 'reads a setting'],
  [String.raw`/([?&]\w*password=)[^&]*/gi`, 'reads a setting'],
  [String.raw`/\{[^{}/]*\}/g`, 'reads a setting'],
  [String.raw`/\/0+$/`, 'reads a setting'],
  [String.raw`/^(.*,\s*)?([^,]*)$/s`, 'the last comma always fits'],
  [String.raw`/^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/`, 'two ways, each of them straight'],
  [String.raw`/:\d*$/`, 'no colon is within'],
  [String.raw`/^([^=]*)=?(.*)$/s`, 'fits every text at once'],
  [String.raw`/\d+$/`, 'reads a name of the documentation'],
  [String.raw`/\/+$/`, 'reads a setting'],
  [String.raw`/^\d+:(?:.+,)?memory(?:,.+)?:(.+)$/m`, 'reads what the kernel tells of a group'],
  [String.raw`/^(?:\S+(?: \S+){4}|@[a-z]+)$/`, 'no blank is within a part'],
  [String.raw`/[\r\n]+$/`, 'reads what the user of the command line has typed'],
  [String.raw`/\?.*$/s`, 'the first question mark always fits'],
]);

/** Files that make some later, and of what. */
const MADE_LATER: ReadonlyMap<string, string> = new Map([
  [
    'libs/infrastructure/src/system/container-memory.ts',
    'names of figures of the kernel, which stand beside it',
  ],
]);

const files = globSync(['src/**/*.ts', 'libs/**/*.ts'], { cwd: PROJECT }).filter(
  (file) => !file.endsWith('.spec.ts'),
);
const found = files.map((file) => expressionsIn(resolve(PROJECT, file)));
const expressions = found.flatMap(({ known }) => known);

describe('the regular expressions of the source', () => {
  it('are all found', () => {
    expect(expressions.length).toBeGreaterThan(40);
    expect(expressions.filter(({ isMadeAtRunTime }) => isMadeAtRunTime).length).toBeGreaterThan(3);
  });

  it('are known when their file is loaded, so that no text of a caller becomes one', () => {
    const later = found.filter(({ madeLater }) => madeLater > 0).map(({ file }) => relative(PROJECT, file));
    expect(later).toEqual([...MADE_LATER.keys()]);
  });

  it('lead a text along few paths, or are known to be harmless', () => {
    const suspicious = expressions.filter(({ expression }) => !hasFewPaths(expression));
    expect(suspicious.filter(({ written }) => !HARMLESS.has(written)).map(told)).toEqual([]);
    const needed = new Set(suspicious.map(({ written }) => written));
    expect([...HARMLESS.keys()].filter((written) => !needed.has(written))).toEqual([]);
  });

  it('answer soon to texts that are made for going back and forth', () => {
    const slow = expressions.filter(
      ({ expression, written }) =>
        !answersSoon(expression, HARMLESS.has(written) ? LONGEST_HARMLESS : LONGEST),
    );
    expect(slow.map(told)).toEqual([]);
  });
});

function told({ file, written }: Expression): string {
  return `${file}: ${written}`;
}

function hasFewPaths(expression: RegExp): boolean {
  const { error, score } = isSafe(withoutNames(expression), {
    maxScore: MOST_PATHS,
    maxSteps: 100_000,
    timeout: 5_000,
  });
  return error === null && !score.infinite;
}

/** The checker knows groups by their numbers only. */
function withoutNames({ source, flags }: RegExp): RegExp {
  const names = [...source.matchAll(/\(\?<(\w+)>/g)].map(([, name]) => name);
  const numbered = source
    .replaceAll(/\(\?<\w+>/g, '(')
    .replaceAll(/\\k<(\w+)>/g, (_, name: string) => `\\${names.indexOf(name) + 1}`);
  return new RegExp(numbered, flags);
}

/** Tries it on what it repeats, over and over, with an end that does not fit. The machine stops what has no end. */
function answersSoon(expression: RegExp, length: number): boolean {
  const pumps = [
    'a',
    '0',
    ' ',
    '\n',
    '.',
    '/',
    ':',
    '-',
    '_',
    '=',
    ',',
    '%',
    '{',
    '[',
    '?',
    '&',
    '@',
    '//',
    'a,',
    '/0',
  ];
  const texts = pumps.flatMap((pump) => {
    const many = pump.repeat(length / pump.length);
    return [many, `${many}\u0000`, `!${many}!`, `${many}\n`];
  });
  try {
    runInNewContext(
      'for (const text of texts) { expression.lastIndex = 0; expression.test(text); }',
      {
        texts,
        expression,
      },
      { timeout: ATTACK_MS },
    );
    return true;
  } catch {
    return false;
  }
}
