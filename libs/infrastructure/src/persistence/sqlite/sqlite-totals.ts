import type Sqlite from 'better-sqlite3';
import type { TaskFilter } from '@task/application';
import { MOST_COUNTED, NO_TOTAL, isCountedByTag, totalOf, totalOfOneTag, type Total } from '../list-totals';
import { isWantedOfStreams } from '../picked';
import { streamStatement, type Statement } from '../stream-statement';
import { taggedCountStatement } from '../tagged-statement';
import { PreparedStatements } from './prepare';
import type { Plan } from './sqlite-list-plans';

interface Looked {
  readonly looked: number;
  readonly matches: number;
}

/** Counts what a list holds where no counter does: up to 10 000, and looking at no more tasks than that. */
export class SqliteTotals {
  private readonly statements: PreparedStatements;

  constructor(db: Sqlite.Database) {
    this.statements = new PreparedStatements(db);
  }

  of(plan: Plan, filter: TaskFilter): Total {
    if (plan.tags.tasks === 0 || plan.total === 0) return NO_TOTAL;
    if (!isCountedByTag(plan, filter)) return this.alongStreams(plan, filter);
    const known = totalOfOneTag(plan.tags, filter);
    return known ?? totalOf(this.ask(taggedCountStatement(plan, filter, MOST_COUNTED)));
  }

  private alongStreams(plan: Plan, filter: TaskFilter): Total {
    const wanted = isWantedOfStreams(plan);
    let [looked, matches] = [0, 0];
    for (const stream of plan.streams) {
      const { sql, parameters } = streamStatement(stream, filter, IN_ORDER, null);
      const counted = this.ask({
        sql: `SELECT count(*) AS looked, count(*) FILTER (WHERE ${wanted.sql}) AS matches FROM (${sql}) t`,
        parameters: [...wanted.parameters, ...parameters, MOST_COUNTED - looked],
      });
      looked += counted.looked;
      matches += counted.matches;
      if (looked >= MOST_COUNTED) break;
    }
    return totalOf({ matches, looked });
  }

  private ask({ sql, parameters }: Statement): Looked {
    return this.statements.of<Looked>(sql).get(...parameters) ?? { looked: 0, matches: 0 };
  }
}

const IN_ORDER = { by: 'created_at', order: 'asc' } as const;
