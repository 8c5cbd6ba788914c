import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const PROJECT = resolve(__dirname, '../../..');
const PAGES = globSync(['*.md', 'docs/**/*.md', 'examples/*/*.md'], { cwd: PROJECT });
const FENCES = /^```.*?^```/gms;

describe.each(PAGES)('%s', (page) => {
  const targets = [...textOf(page).matchAll(/]\(([^)\s]+)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^https?:/.test(target))
    .map((target) => {
      const [file = '', anchor] = target.split('#');
      return { target, path: file === '' ? page : join(dirname(page), file), anchor };
    });

  it('links only to files that are there', () => {
    const lost = targets.filter(({ path }) => !existsSync(join(PROJECT, path)));

    expect(lost.map(({ target }) => target)).toEqual([]);
  });

  it('links only to headings that are there', () => {
    const lost = targets.filter(
      ({ path, anchor }) => anchor !== undefined && !anchorsOf(path).includes(anchor),
    );

    expect(lost.map(({ target }) => target)).toEqual([]);
  });
});

/** A page without its blocks of code, which link to nothing and in which a # begins no heading. */
function textOf(page: string): string {
  return readFileSync(join(PROJECT, page), 'utf8').replaceAll(FENCES, '');
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): readonly string[] {
  if (!page.endsWith('.md') || !existsSync(join(PROJECT, page))) return [];
  const counts = new Map<string, number>();
  return [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => {
    const name = heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    const earlier = counts.get(name) ?? 0;
    counts.set(name, earlier + 1);
    return earlier === 0 ? name : `${name}-${earlier}`;
  });
}
