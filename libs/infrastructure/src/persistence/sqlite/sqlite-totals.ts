import type Sqlite from 'better-sqlite3';
import type { TaskFilter } from '@task/application';
import { COUNT_AT_MOST, groupFilter } from '../list-plan';
import { streamStatement } from '../stream-statement';
import { PreparedStatements } from './prepare';
import type { Plan } from './sqlite-list-plans';
import { IN_GROUPS, RARE_TAG, taggedCountStatement } from './tagged-statement';

interface Total {
  readonly total: number;
  readonly totalCapped: boolean;
}

interface Looked {
  readonly looked: number;
  readonly matches: number | null;
}

/** Counts what a list holds where no counter does: up to 10 000, and looking at no more tasks than that. */
export class SqliteTotals {
  private readonly statements: PreparedStatements;

  constructor(db: Sqlite.Database) {
    this.statements = new PreparedStatements(db);
  }

  of(plan: Plan, filter: TaskFilter): Total {
    if (plan.tags.tasks === 0 || plan.total === 0) return { total: 0, totalCapped: false };
    if (plan.tags.isOn !== null && isShorterByTag(plan, filter)) return this.amongTagged(plan, filter);
    return this.alongStreams(plan, filter);
  }

  private amongTagged(plan: Plan, filter: TaskFilter): Total {
    const most = COUNT_AT_MOST + 1;
    if (isOfOneTag(filter)) return totalOf(Math.min(plan.tags.tasks, most), Math.min(plan.tags.tasks, most));
    const { sql, parameters } = taggedCountStatement(plan, filter, most);
    const { looked, matches } = this.ask(sql, parameters);
    return totalOf(matches ?? 0, looked);
  }

  private alongStreams({ streams, tags, groups, reading }: Plan, filter: TaskFilter): Total {
    const picked = groups === null || reading === 'streams' ? null : JSON.stringify([...groups]);
    const conditions = [
      ...(tags.isOn === null ? [] : [tags.isOn.sql]),
      ...(picked === null ? [] : [IN_GROUPS]),
    ];
    const bound = [...(tags.isOn?.parameters ?? []), ...(picked === null ? [] : [picked])];
    const most = COUNT_AT_MOST + 1;
    let [looked, matches] = [0, 0];
    for (const stream of streams) {
      const { sql, parameters } = streamStatement(stream, filter, IN_ORDER, null);
      const counting = `SELECT count(*) AS looked, sum(${conditions.join(' AND ') || '1'}) AS matches FROM (${sql}) t`;
      const counted = this.ask(counting, [...bound, ...parameters, most - looked]);
      looked += counted.looked;
      matches += counted.matches ?? 0;
      if (looked >= most) break;
    }
    return totalOf(matches, looked);
  }

  private ask(sql: string, parameters: readonly (number | string)[]): Looked {
    return this.statements.of<Looked>(sql).get(...parameters) ?? { looked: 0, matches: 0 };
  }
}

const IN_ORDER = { by: 'created_at', order: 'asc' } as const;

/** Beyond so many that were looked at there may be more. */
function totalOf(matches: number, looked: number): Total {
  return { total: Math.min(matches, COUNT_AT_MOST), totalCapped: looked > COUNT_AT_MOST };
}

/** Whether it is less to look at the tasks with the tags than to look for tags along the streams. */
function isShorterByTag({ tags, total }: Plan, { status }: TaskFilter): boolean {
  if (status !== undefined) return tags.tasks <= Math.min(RARE_TAG, total);
  return total > COUNT_AT_MOST || tags.tasks <= total;
}

/** Whether a single tag is all that is asked for: then it has been counted. */
function isOfOneTag(filter: TaskFilter): boolean {
  const { tags, createdAfter, createdBefore, priorities, status } = filter;
  const others = [createdAfter, createdBefore, priorities, status];
  return (
    tags?.names.length === 1 && groupFilter(filter).where === '' && others.every((wish) => wish === undefined)
  );
}
