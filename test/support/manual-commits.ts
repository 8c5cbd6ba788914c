import { CommitFeed, type Commit, type ReadyTasks } from '@task/application';

/** A feed whose commits a test makes up. */
export class ManualCommits extends CommitFeed {
  private readonly listeners = new Set<(commit: Commit) => void>();

  override subscribe(listener: (commit: Commit) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** How many listen. */
  get count(): number {
    return this.listeners.size;
  }

  publish(commit: Partial<Commit>): void {
    for (const listener of this.listeners)
      listener({
        ...{ ready: [], scheduledFor: null, lastEventId: null, hasEndedDependency: false, moves: [] },
        ...commit,
      });
  }
}

/** News of tasks that became claimable. */
export function readyTasks(changes: Partial<ReadyTasks> = {}): ReadyTasks {
  return { directory: '/srv/project', taskType: 'agent_prompt', kbId: null, count: 1, ...changes };
}
