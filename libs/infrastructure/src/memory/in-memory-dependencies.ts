import { isDecisive, verdictOn, type Decision, type Task } from '@task/domain';

interface Edge {
  readonly on: string;
  readonly isSettled: boolean;
}

/** Who waits for whom, and which tasks ended without all who wait for them having been told. */
export class InMemoryDependencies {
  private readonly edges = new Map<string, readonly Edge[]>();
  private readonly endedIds = new Set<string>();

  /** Ids of tasks that ended, the longest ended first. */
  get ended(): readonly string[] {
    return [...this.endedIds];
  }

  /** What a task depends on. */
  of(id: string): readonly Edge[] {
    return this.edges.get(id) ?? [];
  }

  /** Ids of the tasks that depend on one, and whether each knows how it ended. */
  on(id: string): readonly { readonly id: string; readonly isSettled: boolean }[] {
    return [...this.edges].flatMap(([dependent, edges]) =>
      edges.filter(({ on }) => on === id).map(({ isSettled }) => ({ id: dependent, isSettled })),
    );
  }

  /** Takes over what a new task depends on. @returns ids of those that it still waits for */
  connect({ task, dependsOn }: Decision, find: (id: string) => Task | undefined): readonly string[] {
    const { needs } = task.state;
    if (needs === null || dependsOn === undefined) return [];
    const edges = [...new Set(dependsOn)].map((on) => {
      const status = find(on)?.status ?? 'waiting';
      return { on, isSettled: verdictOn(status, needs.onFailure) !== 'open' };
    });
    this.edges.set(task.id, edges);
    return edges.filter(({ isSettled }) => !isSettled).map(({ on }) => on);
  }

  /** Takes notice of a task that ended, when others wait for it. */
  note(before: Task | null, after: Task): void {
    if (after.state.isAwaited && isDecisive(after.status) && before?.status !== after.status) {
      this.endedIds.add(after.id);
    }
  }

  /** A dependent knows how a task ended. */
  settle(dependent: string, on: string): void {
    const edges = this.of(dependent).map((edge) => (edge.on === on ? { ...edge, isSettled: true } : edge));
    this.edges.set(dependent, edges);
  }

  /** Nobody is left to be told of this one. */
  forget(id: string): void {
    this.endedIds.delete(id);
  }
}
