const { TestEnvironment } = require('jest-environment-node');

/**
 * Asks the processes that tests start for their coverage. It is asked for here, in the worker, and not in the
 * environment of the whole run: a worker that was itself started with it would count against Jest's own counting.
 */
module.exports = class CoverageOfChildren extends TestEnvironment {
  constructor(...args) {
    const folder = process.env.CHILD_COVERAGE_FOLDER;
    if (folder !== undefined) process.env.NODE_V8_COVERAGE = folder;
    super(...args);
  }
};
