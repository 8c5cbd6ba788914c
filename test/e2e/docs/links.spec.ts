import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const PROJECT = resolve(__dirname, '../../..');
const PAGES = globSync(['*.md', 'docs/**/*.md'], { cwd: PROJECT });

it.each(PAGES)('%s links only to files that are there', (page) => {
  const text = readFileSync(join(PROJECT, page), 'utf8');
  const targets = [...text.matchAll(/]\(([^)#\s]+)/g)].map(([, target = '']) => target);
  const files = targets.filter((target) => !/^https?:/.test(target));

  expect(files.filter((file) => !existsSync(join(PROJECT, dirname(page), file)))).toEqual([]);
});
