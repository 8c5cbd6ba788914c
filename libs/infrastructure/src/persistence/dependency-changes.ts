import { verdictOn, type DependencyPolicy, type Task, type TaskStatus } from '@task/domain';
import { hasEnded } from './commit-news';
import type { DependencyWrites, Edge, NewEdge } from './tables';

type Told = DependencyWrites['told'][number];

/** What a group of commands changes between tasks that depend on each other, as it comes to be known. */
export class DependencyChanges implements DependencyWrites {
  readonly added: NewEdge[] = [];
  readonly settled: Edge[] = [];
  private readonly settledHere = new Set<string>();
  readonly told: Told[] = [];
  private readonly endedSeqs = new Set<number>();

  get ended(): readonly number[] {
    return [...this.endedSeqs];
  }

  get isEmpty(): boolean {
    return this.added.length + this.settled.length + this.told.length + this.endedSeqs.size === 0;
  }

  /**
   * Notes that a dependent knows how a task ended.
   * @returns whether it was news: two commands of one group find the same dependents in the tables
   */
  settle(edge: Edge): boolean {
    const name = `${edge.seq} ${edge.onSeq}`;
    if (this.settledHere.has(name)) return false;
    this.settledHere.add(name);
    this.settled.push(edge);
    return true;
  }

  /** Takes notice of a task that ended, when others wait for it. */
  note(seq: number, before: Task | null, after: Task): void {
    if (hasEnded(before, after)) this.endedSeqs.add(seq);
  }
}

/** Policies under which a task in this status counts for those that depend on it. */
export function policiesConcerned(status: TaskStatus): readonly DependencyPolicy[] {
  return (['wait', 'cancel', 'run'] as const).filter((policy) => verdictOn(status, policy) !== 'open');
}
