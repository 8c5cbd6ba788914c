import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SourceCoverage } from './sources.mjs';
import { judge } from './thresholds.mjs';

/**
 * Adds the coverage of the processes that the tests started to Jest's own, prints it by folder and leaves it in
 * `coverage-final.json`, in istanbul's format.
 *
 * @param {{ root: string, folder: string, print?: (text: string) => void }} options
 *        folder: where Jest's `jest-coverage.json` is, and `children` with a file for each process
 * @returns {string[]} the thresholds that are missed, in words
 */
export function report({ root, folder, print = console.log }) {
  const sources = new SourceCoverage(root);
  const children = join(folder, 'children');
  let unreadable = 0;
  for (const name of existsSync(children) ? readdirSync(children) : []) {
    try {
      sources.addProcess(JSON.parse(readFileSync(join(children, name), 'utf8')));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      // A process that was killed while it wrote: it counts for as little as one killed before.
      unreadable += 1;
    }
  }
  sources.map.merge(JSON.parse(readFileSync(join(folder, 'jest-coverage.json'), 'utf8')));
  writeFileSync(join(folder, 'coverage-final.json'), JSON.stringify(sources.map));

  const { table, failures } = judge(sources.map, root);
  print(`\n${table}\n`);
  if (unreadable > 0) print(`${unreadable} processes were killed while they wrote their coverage`);
  for (const failure of failures) print(failure);
  return failures;
}
