import { atService, type ServiceOptions } from '../at-service';
import { inColumns, type Column } from '../columns';
import type { CommandContext } from '../context';
import { EXIT } from '../exit-codes';
import { standardOutput } from '../output';
import { queryOf } from '../read-pages';
import { json } from '../terminal-text';
import { described } from './get-task';

/** What `stats` takes. */
export interface StatisticsOptions extends ServiceOptions {
  readonly period?: string;
  readonly granularity?: string;
}

interface Statistics {
  readonly overview: object;
  readonly status_distribution: object;
  readonly priority_distribution: object;
  readonly performance_metrics: object;
  readonly task_types: readonly TypeRow[];
}

interface TypeRow {
  readonly task_type: string;
  readonly total_tasks: number;
  readonly status_distribution: Readonly<Record<string, number>>;
  readonly avg_processing_time: number | null;
}

const COLUMNS: readonly Column<TypeRow>[] = [
  { head: 'TYPE', of: (row) => row.task_type },
  { head: 'TASKS', of: (row) => String(row.total_tasks) },
  ...['waiting', 'working', 'completed', 'failed', 'cancelled'].map((status) => ({
    head: status.toUpperCase(),
    of: (row: TypeRow) => String(row.status_distribution[status] ?? 0),
  })),
  { head: 'MEAN SECONDS', of: ({ avg_processing_time: mean }) => (mean === null ? '' : mean.toFixed(1)) },
];

/** Shows how the queue is doing. */
export function showStatistics(context: CommandContext, options: StatisticsOptions): Promise<number> {
  const { period, granularity } = options;
  return atService(options, context, async (service) => {
    const statistics = await service.ask<Statistics>(
      'GET',
      `/api/v1/statistics${queryOf({ period, granularity })}`,
    );
    const out = standardOutput();
    if (options.json === true) {
      out.line(json(statistics));
      return EXIT.ok;
    }
    const { overview, status_distribution, priority_distribution, performance_metrics, task_types } =
      statistics;
    out.line(described(overview));
    out.line(`\n${described(status_distribution)}`);
    out.line(`\n${described(priority_distribution)}`);
    out.line(`\n${described(performance_metrics)}`);
    if (task_types.length > 0) out.line(`\n${inColumns(task_types, COLUMNS, out)}`);
    return EXIT.ok;
  });
}
