import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The tags of one task. To delete a task is to make sure that none is left: without an index that reads the tags of all
 * tasks, for each one.
 */
export class TagsByTask1764600000000 implements MigrationInterface {
  readonly name = 'TagsByTask1764600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX task_tags_by_task ON task_tags (seq)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX task_tags_by_task');
  }
}
