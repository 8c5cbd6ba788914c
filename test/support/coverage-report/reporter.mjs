import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SourceCoverage } from './sources.mjs';

/** Jest reporter: keeps V8's own counts of each test file, which Jest's reports round to lines. */
export default class CoverageReporter {
  #sources;
  #folder;

  constructor({ rootDir, coverageDirectory }) {
    this.#sources = new SourceCoverage(rootDir);
    this.#folder = coverageDirectory;
  }

  onTestResult(_test, { v8Coverage = [] }) {
    for (const { result, codeTransformResult } of v8Coverage) {
      if (codeTransformResult?.sourceMapPath) {
        this.#sources.addTransformed(result.url, result, codeTransformResult);
      }
    }
  }

  onRunComplete() {
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, 'jest-coverage.json'), JSON.stringify(this.#sources.map));
  }
}
