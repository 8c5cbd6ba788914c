import type Sqlite from 'better-sqlite3';
import type { TaskFilter } from '@task/application';
import { COUNT_AT_MOST, groupFilter } from '../list-plan';
import { streamStatement } from '../stream-statement';
import { PreparedStatements } from './prepare';
import type { Plan } from './sqlite-list-plans';
import { IN_GROUPS, withTags } from './tagged-statement';

/** Of a tag with no more tasks than this, all of them are looked at: that costs as much as 10 000 in the order of an index. */
const RARE_TAG = 4_000;

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
    if (isOfTagsOnly(filter)) return this.withTag(plan, filter);
    if (plan.tags.tasks <= Math.min(RARE_TAG, plan.total)) return this.amongTagged(plan, filter);
    return this.alongStreams(plan, filter);
  }

  /** The index of tags knows it all. */
  private withTag({ tags }: Plan, { tags: asked }: TaskFilter): Total {
    const most = COUNT_AT_MOST + 1;
    if (asked?.names.length === 1) return totalOf(Math.min(tags.tasks, most), Math.min(tags.tasks, most));
    const each = 'SELECT * FROM (SELECT seq FROM task_tags WHERE tag_id = ? LIMIT ?)';
    const found =
      tags.among.length === 1
        ? each
        : `SELECT DISTINCT seq FROM (${tags.among.map(() => each).join(' UNION ALL ')})`;
    const sql = `SELECT count(*) AS looked, sum(${tags.isOn?.sql ?? '1'}) AS matches FROM (${found} LIMIT ?) t`;
    const { looked, matches } = this.ask(sql, [
      ...(tags.isOn?.parameters ?? []),
      ...tags.among.flatMap((id) => [id, most]),
      most,
    ]);
    return totalOf(matches ?? 0, looked);
  }

  private amongTagged(plan: Plan, filter: TaskFilter): Total {
    const { sql, parameters } = withTags(plan, filter);
    const { matches } = this.ask(`SELECT 0 AS looked, count(*) AS matches ${sql}`, parameters);
    return totalOf(matches ?? 0, 0);
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

function isOfTagsOnly(filter: TaskFilter): boolean {
  const { tags, createdAfter, createdBefore, status, priorities } = filter;
  const others = [createdAfter, createdBefore, status, priorities];
  return tags !== undefined && groupFilter(filter).where === '' && others.every((wish) => wish === undefined);
}
