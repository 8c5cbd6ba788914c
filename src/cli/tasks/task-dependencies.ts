import type { TaskStatus } from '@task/domain';
import { atService, type ServiceOptions } from '../at-service';
import { inColumns, type Column } from '../columns';
import type { CommandContext } from '../context';
import { EXIT } from '../exit-codes';
import { standardOutput } from '../output';
import { readPages, type CursorPage } from '../read-pages';
import { json } from '../terminal-text';
import { pathOf } from './api-task';

/** What `tasks dependencies` takes. */
export interface DependenciesOptions extends ServiceOptions {
  readonly limit: number;
}

interface Other {
  readonly task_id: string;
  readonly status: TaskStatus;
  readonly settled: boolean;
}

interface Dependencies extends CursorPage {
  readonly depends_on: readonly Other[];
  readonly dependents: readonly Other[];
}

type Row = Other & { readonly side: 'depends on' | 'needed by' };

const COLUMNS: readonly Column<Row>[] = [
  { head: 'IT', of: ({ side }) => side },
  { head: 'ID', of: ({ task_id: id }) => id },
  { head: 'STATUS', of: ({ status }) => status },
  { head: 'WAITED FOR', of: ({ settled }) => (settled ? 'no' : 'yes') },
];

/** Shows what a task waits for, and what waits for it. */
export function taskDependencies(
  context: CommandContext,
  id: string,
  options: DependenciesOptions,
): Promise<number> {
  return atService(options, context, async (service) => {
    const { rows: dependents, last } = await readPages<Dependencies, Other>(service, {
      ...{ path: pathOf(id, '/dependencies'), limit: options.limit },
      rowsOf: (page) => page.dependents,
    });
    const out = standardOutput();
    if (options.json === true) {
      out.line(json({ ...last, dependents }));
      return EXIT.ok;
    }
    const rows: readonly Row[] = [
      ...last.depends_on.map((other) => ({ ...other, side: 'depends on' as const })),
      ...dependents.map((other) => ({ ...other, side: 'needed by' as const })),
    ];
    if (rows.length > 0) out.line(inColumns(rows, COLUMNS, out));
    if (out.isTerminal) for (const line of footOf(rows, last.pagination.has_more)) out.line(line);
    return EXIT.ok;
  });
}

function footOf(rows: readonly Row[], hasMore: boolean): readonly string[] {
  if (rows.length === 0) return ['It depends on nothing, and nothing on it.'];
  return hasMore ? ['\nMore tasks depend on it; --limit shows more'] : [];
}
