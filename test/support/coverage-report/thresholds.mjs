import { relative } from 'node:path';
import coverage from 'istanbul-lib-coverage';

const MEASURES = ['statements', 'branches'];

/** What must be covered, in percent of statements and of branches each. */
export const THRESHOLDS = [
  { name: 'libs/domain/src', folders: ['libs/domain/src/'], percent: 90 },
  { name: 'libs/application/src', folders: ['libs/application/src/'], percent: 90 },
  { name: 'all of src and libs', folders: ['src/', 'libs/'], percent: 80 },
];

/**
 * @param {import('istanbul-lib-coverage').CoverageMap} map
 * @param {string} root what the folders of the thresholds are relative to
 * @returns {{ table: string, failures: string[] }}  failures name the figure, and the files that lack most
 */
export function judge(map, root, thresholds = THRESHOLDS) {
  const files = map
    .files()
    .map((path) => ({ path: relative(root, path), coverage: map.fileCoverageFor(path) }));
  const held = thresholds.map((threshold) => {
    const inside = files.filter(({ path }) => threshold.folders.some((folder) => path.startsWith(folder)));
    return { threshold, inside, summary: summaryOf(inside) };
  });
  return {
    table: tableOf([
      ...foldersOf(files),
      ...held.map(({ threshold, summary }) => ({ name: `total ${threshold.name}`, summary })),
    ]),
    failures: held.flatMap(failuresOf),
  };
}

function summaryOf(files) {
  const summary = coverage.createCoverageSummary();
  for (const file of files) summary.merge(file.coverage.toSummary());
  return summary;
}

function foldersOf(files) {
  const byFolder = Map.groupBy(files, ({ path }) => path.slice(0, path.lastIndexOf('/')));
  return [...byFolder]
    .map(([name, inside]) => ({ name, summary: summaryOf(inside) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function failuresOf({ threshold: { name, percent }, inside, summary }) {
  if (summary.statements.total === 0) return [`coverage of ${name}: nothing was found to measure`];
  return MEASURES.filter((measure) => percentOf(summary[measure]) < percent).map((measure) =>
    [
      `coverage of ${name}: ${shown(summary[measure])} of ${measure}, at least ${percent} % are needed`,
      ...worst(inside, measure).map((line) => `    ${line}`),
    ].join('\n'),
  );
}

function worst(files, measure) {
  return files
    .map(({ path, coverage: file }) => ({ path, file, ...file.toSummary()[measure] }))
    .map((entry) => ({ ...entry, missing: entry.total - entry.covered }))
    .filter(({ missing }) => missing > 0)
    .sort((one, other) => other.missing - one.missing)
    .slice(0, 10)
    .map(
      ({ path, file, missing }) =>
        `${path}: ${missing} ${measure} not run, at lines ${linesOf(file, measure).join(', ')}`,
    );
}

function linesOf(file, measure) {
  const lines =
    measure === 'statements'
      ? Object.entries(file.s).flatMap(([id, count]) =>
          count === 0 ? [file.statementMap[id].start.line] : [],
        )
      : Object.entries(file.b).flatMap(([id, counts]) =>
          counts.flatMap((count, arm) => (count === 0 ? [file.branchMap[id].locations[arm].start.line] : [])),
        );
  return [...new Set(lines)].sort((one, other) => one - other);
}

const percentOf = ({ covered, total }) => (total === 0 ? 100 : (100 * covered) / total);
// Rounded down: 89.999 is not 90.
const shown = (totals) => `${(Math.floor(percentOf(totals) * 100) / 100).toFixed(2)} %`;

function tableOf(rows) {
  const cells = rows.map(({ name, summary }) => [
    name,
    ...MEASURES.flatMap((measure) => [
      shown(summary[measure]),
      `${summary[measure].covered}/${summary[measure].total}`,
    ]),
  ]);
  const all = [['folder', 'statements', '', 'branches', ''], ...cells];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  const line = (row) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  return all.map(line).join('\n');
}
