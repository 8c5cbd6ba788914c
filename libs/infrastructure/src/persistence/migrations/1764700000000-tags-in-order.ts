import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DIALECTS } from '../schema/dialect';

const TASK = 'created_at, seq, group_id, rank';

/**
 * The tasks with a tag in the order of lists, with all that never changes of a task: a page of a tag is read without
 * looking at any other task, and its total without looking at any.
 */
export class TagsInOrder1764700000000 implements MigrationInterface {
  readonly name = 'TagsInOrder1764700000000';

  async up(runner: QueryRunner): Promise<void> {
    await rebuild(
      runner,
      (types) => `tag_id integer NOT NULL REFERENCES tags (id),
      created_at ${types.bigint} NOT NULL,
      seq ${types.bigint} NOT NULL REFERENCES tasks (seq),
      group_id integer NOT NULL,
      rank ${types.smallint} NOT NULL,
      PRIMARY KEY (tag_id, created_at, seq)`,
      `(tag_id, ${TASK}) SELECT f.tag_id, t.${TASK.replaceAll(', ', ', t.')}
        FROM former_task_tags f JOIN tasks t ON t.seq = f.seq`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await rebuild(
      runner,
      (types) => `tag_id integer NOT NULL REFERENCES tags (id),
      seq ${types.bigint} NOT NULL REFERENCES tasks (seq),
      PRIMARY KEY (tag_id, seq)`,
      '(tag_id, seq) SELECT tag_id, seq FROM former_task_tags',
    );
  }
}

type Types = (typeof DIALECTS)['postgres' | 'sqlite'];

/** Made anew beside the former one: SQLite changes no key. */
async function rebuild(
  runner: QueryRunner,
  columns: (types: Types) => string,
  filled: string,
): Promise<void> {
  const isPostgres = runner.dataSource.options.type === 'postgres';
  const types = DIALECTS[isPostgres ? 'postgres' : 'sqlite'];
  await runner.query('DROP INDEX task_tags_by_task');
  await runner.query('ALTER TABLE task_tags RENAME TO former_task_tags');
  // Constraints keep the names that they had, which the new table is to have.
  if (isPostgres) await dropConstraints(runner);
  await runner.query(`CREATE TABLE task_tags (${columns(types)})${isPostgres ? '' : ' WITHOUT ROWID'}`);
  await runner.query(`INSERT INTO task_tags ${filled}`);
  await runner.query('DROP TABLE former_task_tags');
  await runner.query('CREATE INDEX task_tags_by_task ON task_tags (seq)');
}

async function dropConstraints(runner: QueryRunner): Promise<void> {
  for (const name of ['task_tags_tag_id_fkey', 'task_tags_seq_fkey', 'task_tags_pkey'])
    await runner.query(`ALTER TABLE former_task_tags DROP CONSTRAINT ${name}`);
}
