import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** One import that a rule forbids. */
export interface Violation {
  readonly rule: string;
  readonly from: string;
}

/** What the rules say about a tree, and how much of it they saw. */
export interface Verdict {
  readonly violations: readonly Violation[];
  readonly filesSeen: readonly string[];
}

const PROJECT = resolve(__dirname, '../..');
const RULE_SET = join(PROJECT, '.dependency-cruiser.cjs');
const CRUISER = join(PROJECT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');

/** The names of all rules that `npm run boundaries` holds. */
export function ruleNames(): string[] {
  const { forbidden } = createRequire(__filename)(RULE_SET);
  return forbidden.map((rule: { name: string }) => rule.name);
}

/** Cruises a tree of the project's layout with the project's own rules. */
export async function cruise(root: string = PROJECT): Promise<Verdict> {
  const args = [CRUISER, '--config', RULE_SET, '--output-type', 'json', 'src', 'libs', 'test', '*.ts'];
  // In this format the command reports violations in its output, not through its exit code.
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: root,
    maxBuffer: 256 * 2 ** 20,
  });
  const { modules, summary } = JSON.parse(stdout);
  return {
    filesSeen: modules.map((module: { source: string }) => module.source),
    violations: summary.violations.flatMap(blame),
  };
}

interface Reported {
  readonly rule: { readonly name: string };
  readonly from: string;
  readonly cycle?: readonly { readonly name: string }[];
}

/** A cycle is reported once, by its first file; every file on it is to blame. */
function blame({ rule, from, cycle }: Reported): Violation[] {
  const files = cycle === undefined ? [from] : cycle.map(({ name }) => name);
  return files.map((file) => ({ rule: rule.name, from: file }));
}
