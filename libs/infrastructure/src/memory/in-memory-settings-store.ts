import { SettingsStore, type StoredValue, type StoredValues } from '@task/application';
import { Listeners } from '../system/listeners';

/** Keeps changed settings in the memory of one process, as JSON. */
export class InMemorySettingsStore extends SettingsStore {
  private readonly kept = new Map<string, string>();
  private readonly listeners = new Listeners();

  override watch(listener: () => void): () => void {
    return this.listeners.add(listener);
  }

  override async read(): Promise<StoredValues> {
    return new Map([...this.kept].map(([name, json]) => [name, JSON.parse(json) as StoredValue]));
  }

  override async write(changes: ReadonlyMap<string, StoredValue | null>): Promise<void> {
    const written = [...changes].map(([name, value]) => [name, JSON.stringify(value)] as const);
    for (const [name, json] of written) {
      if (json === 'null') this.kept.delete(name);
      else this.kept.set(name, json);
    }
    this.listeners.tell();
  }
}
