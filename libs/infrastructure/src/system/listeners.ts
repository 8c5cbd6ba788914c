/** Who wants to know that something has changed. */
export class Listeners {
  private readonly listeners = new Set<() => void>();

  /** @returns stops telling */
  add(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(): void {
    for (const listener of this.listeners) listener();
  }
}
