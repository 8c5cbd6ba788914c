import type { DataSource } from 'typeorm';
import { ask, type FaultOf } from './ask';
import { numbered } from './postgres/numbered';

/** Asks either database the same question, outside of any transaction: SQL with `?` for its parameters. */
export class SqlQuestions {
  constructor(
    private readonly source: DataSource,
    private readonly faultOf: FaultOf,
  ) {}

  get isPostgres(): boolean {
    return this.source.options.type === 'postgres';
  }

  ask<Row>(sql: string, values: readonly unknown[]): Promise<Row[]> {
    return ask(this.source.query<Row[]>(this.isPostgres ? numbered(sql) : sql, [...values]), this.faultOf);
  }
}
