import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import coverage from 'istanbul-lib-coverage';
import { countsOf, mappingsOf } from './counts.mjs';
import { pointsOf } from './points.mjs';

/** The coverage of a project's own sources (src and libs, specs and their fixtures aside), which any number of runs can be added to. */
export class SourceCoverage {
  #root;
  #points = new Map();
  #mappings = new Map();
  #map = coverage.createCoverageMap({});

  /** @param {string} root the project's folder */
  constructor(root) {
    this.#root = root;
    // A file that nothing ever loaded counts with all that is in it.
    for (const path of globSync(['src/**/*.ts', 'libs/**/*.ts'], { cwd: root })) {
      if (isProduct(path)) this.#add(join(root, path), () => 0);
    }
  }

  /** The istanbul coverage map by absolute path. */
  get map() {
    return this.#map;
  }

  /** Adds a script that Jest compiled and ran. */
  addTransformed(path, script, { code, sourceMapPath }) {
    if (!this.#points.has(path)) return;
    const mappings = this.#mappingsOf(path, sourceMapPath, () => code);
    this.#add(path, countsOf(script.functions, mappings));
  }

  /** Adds what a process wrote into its NODE_V8_COVERAGE folder: the scripts in it that were built from a source. */
  addProcess(dump) {
    for (const { url, functions } of dump.result) {
      const built = url.startsWith('file:') ? fileURLToPath(url) : '';
      const path = this.#sourceOf(built);
      if (!this.#points.has(path)) continue;
      const mappings = this.#mappingsOf(path, `${built}.map`, () => readFileSync(built, 'utf8'));
      this.#add(path, countsOf(functions, mappings));
    }
  }

  #sourceOf(built) {
    if (!built.startsWith(join(this.#root, 'dist', sep)) || !existsSync(`${built}.map`)) return undefined;
    const { sourceRoot = '', sources } = readJson(`${built}.map`);
    return resolve(dirname(built), sourceRoot, sources[0]);
  }

  #mappingsOf(path, sourceMapPath, readCode) {
    if (!this.#mappings.has(sourceMapPath)) {
      const mappings = mappingsOf(readCode(), readJson(sourceMapPath), this.#points.get(path).file);
      this.#mappings.set(sourceMapPath, mappings);
    }
    return this.#mappings.get(sourceMapPath);
  }

  #add(path, countAt) {
    if (!this.#points.has(path)) this.#points.set(path, pointsOf(path, readFileSync(path, 'utf8')));
    this.#map.addFileCoverage(fileCoverage(path, this.#points.get(path), countAt));
  }
}

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

function isProduct(path) {
  return !/\.(spec|fixture|d)\.ts$/.test(path);
}

function fileCoverage(path, { file, statements, branches }, countAt) {
  const locate = ({ start, end }) => ({ start: position(file, start), end: position(file, end) });
  const countOfArm = ({ span, arms }, arm) =>
    arm === undefined ? Math.max(0, countAt(span) - countAt(arms[0])) : countAt(arm);
  return {
    path,
    statementMap: Object.fromEntries(statements.map((span, id) => [id, locate(span)])),
    s: Object.fromEntries(statements.map((span, id) => [id, countAt(span)])),
    branchMap: Object.fromEntries(
      branches.map(({ kind, span, arms }, id) => {
        const loc = locate(span);
        return [
          id,
          { type: kind, line: loc.start.line, loc, locations: arms.map((arm) => (arm ? locate(arm) : loc)) },
        ];
      }),
    ),
    b: Object.fromEntries(
      branches.map((branch, id) => [id, branch.arms.map((arm) => countOfArm(branch, arm))]),
    ),
    fnMap: {},
    f: {},
  };
}

function position(file, offset) {
  const { line, character } = file.getLineAndCharacterOfPosition(offset);
  return { line: line + 1, column: character };
}
