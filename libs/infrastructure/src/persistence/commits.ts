import { CommitFeed, type Commit } from '@task/application';

/** Tells the commits of this process to everybody in it who wants to know. */
export class Commits extends CommitFeed {
  private readonly listeners = new Set<(commit: Commit) => void>();

  override subscribe(listener: (commit: Commit) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  readonly publish = (commit: Commit): void => {
    for (const listener of this.listeners) listener(commit);
  };
}
