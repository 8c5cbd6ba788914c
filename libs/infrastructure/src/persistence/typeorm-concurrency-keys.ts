import { ConcurrencyKeys, type ConcurrencyKey } from '@task/application';
import type { KeysCommand } from './commands';
import type { Lane } from './lane';
import type { SqlQuestions } from './sql-questions';

const COLUMNS = `name AS "key", max_working AS "limit", working, ready, held`;

/** Concurrency keys in a database: their limits change in the lane, where their tasks move along. */
export class TypeOrmConcurrencyKeys extends ConcurrencyKeys {
  constructor(
    private readonly lane: Lane,
    private readonly questions: SqlQuestions,
  ) {
    super();
  }

  override async setLimit(key: string, limit: number): Promise<ConcurrencyKey> {
    await this.run(async (tables) => [await tables.limitKey(key, limit)]);
    const stored = await this.find(key);
    if (stored === null) throw new Error('a key that got a limit is gone');
    return stored;
  }

  override async find(key: string): Promise<ConcurrencyKey | null> {
    const [row] = await this.questions.ask<ConcurrencyKey>(
      `SELECT ${COLUMNS} FROM concurrency_keys WHERE name = ?`,
      [key],
    );
    return row ?? null;
  }

  override list(after: string, limit: number): Promise<readonly ConcurrencyKey[]> {
    return this.questions.ask<ConcurrencyKey>(
      `SELECT ${COLUMNS} FROM concurrency_keys WHERE name > ? ORDER BY name LIMIT ?`,
      [after, limit],
    );
  }

  override settleStranded(limit: number): Promise<void> {
    return this.run((tables) => tables.strandedKeys(limit));
  }

  private async run(run: KeysCommand['run']): Promise<void> {
    await this.lane.submit({ kind: 'keys', run }, { aborted: false });
  }
}
