import type { TaskFilter } from '@task/application';
import { MOST_COUNTED, NO_TOTAL, isCountedByTag, totalOf, totalOfOneTag, type Total } from '../list-totals';
import { isWantedOfStreams } from '../picked';
import type { Ask, Statement } from '../stream-statement';
import { taggedCountStatement } from '../tagged-statement';
import { streamsStatement } from './merged-statement';
import type { Plan } from './postgres-list-plans';

/** Counts what a list holds where no counter does: up to 10 000, and looking at no more tasks than that. */
export class PostgresTotals {
  constructor(private readonly ask: Ask) {}

  async of(plan: Plan, filter: TaskFilter): Promise<Total> {
    if (plan.tags.tasks === 0 || plan.total === 0) return NO_TOTAL;
    if (!isCountedByTag(plan, filter)) return this.counted(alongStreams(plan, filter));
    const known = totalOfOneTag(plan.tags, filter);
    return known ?? this.counted(taggedCountStatement(plan, filter, MOST_COUNTED));
  }

  private async counted(statement: Statement): Promise<Total> {
    const [counted] = await this.ask<{ looked: number; matches: number }>(statement);
    return totalOf(counted ?? { looked: 0, matches: 0 });
  }
}

function alongStreams(plan: Plan, filter: TaskFilter): Statement {
  const wanted = isWantedOfStreams(plan);
  const reach = { filter, sort: IN_ORDER, after: null, most: MOST_COUNTED };
  const { sql, parameters } = streamsStatement(plan.streams, reach);
  return {
    sql: `SELECT count(*) AS looked, count(*) FILTER (WHERE ${wanted.sql}) AS matches FROM (${sql} LIMIT ?) t`,
    parameters: [...wanted.parameters, ...parameters, MOST_COUNTED],
  };
}

const IN_ORDER = { by: 'created_at', order: 'asc' } as const;
