import {
  TaskStore,
  type Cancellation,
  type ClaimFilter,
  type DecideNew,
  type Dependency,
  type Dependent,
  type HistoryEntry,
  type IdempotencyKey,
  type StatusCounts,
  type TaskPage,
  type TaskPageRequest,
} from '@task/application';
import { TaskNotFound, type Decide, type DecideDependent, type EpochMs, type Task } from '@task/domain';
import { ask, type FaultOf } from './ask';
import type { KeyUpkeep, UpkeepCommand } from './commands';
import type { DependencyReader } from './dependency-reader';
import type { Lane } from './lane';
import { OldCounts } from './old-counts';
import type { TaskReader } from './task-reader';
import { isUuid } from './uuid-text';

const ALWAYS_WANTED: Cancellation = { aborted: false };

/** Touches no key. */
async function forgetBlocks(tables: KeyUpkeep): Promise<readonly number[]> {
  await tables.forgetBlocks();
  return [];
}

/** Tasks in a database: writes go through the lane, reads beside it. */
export class TypeOrmTaskStore extends TaskStore {
  private readonly oldCounts = new OldCounts();

  constructor(
    private readonly lane: Lane,
    private readonly reader: TaskReader,
    private readonly dependencies: DependencyReader,
    private readonly faultOf: FaultOf,
  ) {
    super();
  }

  override insert(
    decide: DecideNew,
    signal: Cancellation,
    key?: IdempotencyKey,
    dependsOn: readonly string[] = [],
    count = 1,
  ): Promise<readonly Task[]> {
    const known = dependsOn.filter(isUuid).map((id) => id.toLowerCase());
    return this.lane.submit({ kind: 'insert', decide, key, dependsOn: known, count }, signal);
  }

  override async update(
    id: string,
    decide: Decide,
    signal: Cancellation,
    key?: IdempotencyKey,
  ): Promise<Task> {
    if (!isUuid(id)) throw new TaskNotFound(id);
    const [task] = await this.lane.submit({ kind: 'update', id: id.toLowerCase(), decide, key }, signal);
    if (task === undefined) throw new TaskNotFound(id);
    return task;
  }

  override claim(
    filter: ClaimFilter,
    limit: number,
    decide: Decide,
    signal: Cancellation,
    key?: IdempotencyKey,
  ): Promise<readonly Task[]> {
    return this.lane.submit({ kind: 'claim', filter, limit, decide, key }, signal);
  }

  override async lapse(limit: number, decide: Decide): Promise<number> {
    return (await this.lane.submit({ kind: 'lapse', limit, decide }, ALWAYS_WANTED)).length;
  }

  override async tellDependents(limit: number, decide: DecideDependent): Promise<number> {
    return (await this.lane.submit({ kind: 'tell', limit, decide }, ALWAYS_WANTED)).length;
  }

  override dependenciesOf(
    ids: readonly string[],
    resultBytes: number,
  ): Promise<ReadonlyMap<string, readonly Dependency[]>> {
    return this.dependencies.dependenciesOf(ids, resultBytes);
  }

  override dependentsOf(id: string, after: number, limit: number): Promise<readonly Dependent[]> {
    return this.dependencies.dependentsOf(id, after, limit);
  }

  override async shiftLeases(byMs: number, now: EpochMs, withinMs: number): Promise<void> {
    await this.upkeep((tables) => tables.shiftLeases(byMs, now, withinMs));
  }

  override async forgetOutcomes(limit: number): Promise<number> {
    let [forgotten, isTimeForMore] = [0, false];
    await this.upkeep(async (tables, now) => {
      forgotten = await tables.forgetOutcomes(now, limit);
      isTimeForMore = await this.oldCounts.forget(tables, now);
    });
    if (isTimeForMore) await this.lane.submit({ kind: 'keys', run: forgetBlocks }, ALWAYS_WANTED);
    return forgotten;
  }

  override nextDueAt(): Promise<EpochMs | null> {
    return this.read(this.reader.nextDueAt());
  }

  override async placeInLine(id: string): Promise<number> {
    return isUuid(id) ? this.read(this.reader.placeInLine(id.toLowerCase())) : 0;
  }

  override async find(id: string): Promise<Task | null> {
    return isUuid(id) ? this.read(this.reader.find(id.toLowerCase())) : null;
  }

  override async history(id: string): Promise<readonly HistoryEntry[] | null> {
    return isUuid(id) ? this.read(this.reader.history(id.toLowerCase())) : null;
  }

  override list(request: TaskPageRequest): Promise<TaskPage> {
    return this.read(this.reader.list(request));
  }

  override countByStatus(): Promise<StatusCounts> {
    return this.read(this.reader.countByStatus());
  }

  override ping(): Promise<void> {
    return this.read(this.reader.ping());
  }

  private async upkeep(run: UpkeepCommand['run']): Promise<void> {
    await this.lane.submit({ kind: 'upkeep', run }, ALWAYS_WANTED);
  }

  private read<T>(answer: Promise<T>): Promise<T> {
    return ask(answer, this.faultOf);
  }
}
