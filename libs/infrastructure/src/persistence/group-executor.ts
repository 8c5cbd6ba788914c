import type { Commit } from '@task/application';
import type { Command, Outcome } from './commands';
import { commitOf, NOTHING_READY } from './commit-news';
import { Group } from './group';
import { settleKeys } from './key-slots';
import { repeated } from './repeated';
import { rollUpsOf } from './roll-ups';
import { NO_DEPENDENCIES, type Tables } from './tables';
import { inTransactionScope } from './transaction-scope';

/** Tasks that a group moves from scheduled to ready at most. */
const PROMOTE_AT_MOST = 500;

/**
 * Runs groups of commands, each in one transaction, and tells of every commit after it. What `run` rejects with is the
 * database's error: nothing of the group was stored then, unless the commit itself failed.
 */
export class GroupExecutor {
  /**
   * @param onCommit called after each commit that wrote something, before the commands are answered
   */
  constructor(
    private readonly tables: Tables,
    private readonly onCommit: (commit: Commit) => void = () => undefined,
  ) {}

  /** Groups that instances deadlock with are run again, a few times at most. */
  run(commands: readonly Command[]): Promise<readonly Outcome[]> {
    return repeated(
      () => inTransactionScope(() => this.once(commands)),
      (error) => this.tables.isRepeatable(error),
    );
  }

  private async once(commands: readonly Command[]): Promise<readonly Outcome[]> {
    await this.tables.begin();
    try {
      if (commands.some(({ kind }) => kind === 'claim')) await this.promote();
      const { outcomes, commit } = await new Group(this.tables, commands).run();
      await this.commit(commit);
      return outcomes;
    } catch (error) {
      await this.tables.rollback();
      throw error;
    }
  }

  /** Due tasks become ready in a transaction of their own, so that the claims behind it find them in the index. */
  private async promote(): Promise<void> {
    const now = await this.tables.now();
    const due = await this.tables.due(now, PROMOTE_AT_MOST);
    if (due.length === 0) return;
    const stored = await this.tables.loadBySeqs(due);
    const changes = stored.map(({ task, ...place }) => ({
      ...place,
      before: task,
      after: task.becomeDue(now),
    }));
    const rollUps = rollUpsOf(changes, []);
    await this.tables.write({
      ...{ changes, rollUps },
      ...{ transitions: [], outcomes: [], dependencies: NO_DEPENDENCIES },
    });
    const moved = await settleKeys(
      this.tables,
      rollUps.keys.map(({ keyId }) => keyId),
    );
    await this.commit(commitOf([...changes, ...moved], null, []));
    await this.tables.begin();
  }

  private async commit(commit: Commit): Promise<void> {
    await this.tables.commit(commit);
    if (commit !== NOTHING_READY) this.onCommit(commit);
  }
}
