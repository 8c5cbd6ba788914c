// A process of its own: the linter is ESM only, which Jest does not load.
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { text } from 'node:stream/consumers';

/** Rules of the recommended set that say nothing about this service, and why. */
const NOT_APPLICABLE = {
  // A probe takes nothing that could be wrong: no parameter, no body, no key.
  'operation-4xx-response': 'off',
};

const config = await createConfig({ extends: ['recommended'], rules: NOT_APPLICABLE });
const source = await text(process.stdin);
const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config });
const told = problems.map(({ severity, ruleId, message, location }) => {
  return `${severity} ${ruleId}: ${message} at ${location[0]?.pointer}`;
});
process.stdout.write(JSON.stringify(told));
