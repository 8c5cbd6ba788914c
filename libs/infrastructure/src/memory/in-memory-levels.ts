import { SharedLevels, type BucketLevels, type ChangeLevels, type Clock } from '@task/application';

/** Levels in the memory of one process: what the database's are judged by. */
export class InMemoryLevels extends SharedLevels {
  override readonly instances = 1;
  private readonly known = new Map<string, BucketLevels>();

  constructor(private readonly clock: Clock) {
    super();
  }

  override async change<T>(name: string, change: ChangeLevels<T>): Promise<T> {
    const { levels, answer } = change(this.known.get(name) ?? null, this.clock.now());
    this.known.set(name, levels);
    return answer;
  }
}
