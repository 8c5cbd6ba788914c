import type { Commit } from '@task/application';
import type { Command, Outcome } from './commands';
import { commitOf, NOTHING_READY, passedOver } from './commit-news';
import { Group } from './group';
import { settleKeys } from './key-slots';
import { repeated } from './repeated';
import { rollUpsOf } from './roll-ups';
import { NO_DEPENDENCIES, type Tables } from './tables';
import { inTransactionScope } from './transaction-scope';

/** Tasks that become ready in one transaction. */
const PROMOTE_AT_MOST = 500;
/** Transactions before a group with claims: no more than this keeps those behind it waiting. */
const MOST_PROMOTIONS = 20;

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
      if (commands.some(({ kind }) => kind === 'claim')) await this.promoteAll();
      const { outcomes, commit } = await new Group(this.tables, commands).run();
      await this.commit(commit);
      return outcomes;
    } catch (error) {
      await this.tables.rollback();
      throw error;
    }
  }

  /** All that is due, or a claim would get another task than the most urgent one. */
  private async promoteAll(): Promise<void> {
    for (let count = 0; count < MOST_PROMOTIONS; count += 1) {
      if ((await this.promote()) < PROMOTE_AT_MOST) return;
    }
  }

  /**
   * Due tasks become ready in a transaction of their own, so that the claims behind it find them in the index.
   * @returns how many were due
   */
  private async promote(): Promise<number> {
    const now = await this.tables.now();
    const due = await this.tables.due(now, PROMOTE_AT_MOST);
    if (due.length === 0) return 0;
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
    const { moved, left } = await settleKeys(
      this.tables,
      rollUps.keys.map(({ keyId }) => keyId),
    );
    const all = [...changes, ...moved];
    const others = this.tables.isShared ? passedOver(left, all) : [];
    await this.commit(commitOf([...all, ...others], null, []));
    await this.tables.begin();
    return due.length;
  }

  private async commit(commit: Commit): Promise<void> {
    await this.tables.commit(commit);
    if (commit !== NOTHING_READY) this.onCommit(commit);
  }
}
