import { Client } from 'pg';
import type { RunStatement } from './sqlite-wiretap';

/** A statement that PostgreSQL keeps prepared under a name. */
export interface NamedStatement {
  readonly name: string;
  readonly sql: string;
}

/** Listens to all that this process asks PostgreSQL, so that what is judged are the statements themselves and no copies. */
export class PostgresWiretap {
  /** Every statement that was sent under a name. */
  readonly named: NamedStatement[] = [];
  private readonly ran: RunStatement[] = [];
  private readonly spy: jest.SpyInstance;

  constructor() {
    const { named, ran } = this;
    const original: unknown = Client.prototype.query;
    this.spy = jest.spyOn(Client.prototype, 'query').mockImplementation(function (
      this: Client,
      ...asked: unknown[]
    ) {
      const { name, ...statement } = statementIn(asked);
      ran.push(statement);
      if (name !== undefined) named.push({ name, sql: statement.sql });
      return (original as (...values: unknown[]) => unknown).apply(this, asked);
    });
  }

  /** What was run while an action ran, each text once. */
  async during(action: () => Promise<unknown>): Promise<readonly RunStatement[]> {
    const first = this.ran.length;
    await action();
    return [...new Map(this.ran.slice(first).map((statement) => [statement.sql, statement])).values()];
  }

  end(): void {
    this.spy.mockRestore();
  }
}

function statementIn([query, values]: readonly unknown[]): RunStatement & { name?: string } {
  if (typeof query === 'string') return { sql: query, values: Array.isArray(values) ? values : [] };
  const {
    text = '',
    values: bound = [],
    ...rest
  } = query as { text?: string; values?: unknown[]; name?: string };
  return { sql: text, values: bound, ...(rest.name !== undefined && { name: rest.name }) };
}
