import type { Commit, Move } from '@task/application';
import { awaited, TaskCancelled, TaskNotFound, verdictOn, type Decision, type Task } from '@task/domain';
import type {
  ClaimCommand,
  Command,
  InsertCommand,
  LapseCommand,
  Outcome,
  TellCommand,
  UpdateCommand,
} from './commands';
import { commitOf, NOTHING_READY } from './commit-news';
import { DependencyChanges, policiesConcerned } from './dependency-changes';
import { settleKeys } from './key-slots';
import { LoadedTasks } from './loaded-tasks';
import { attempt, Memory } from './memory-of-outcomes';
import { rollUpsOf } from './roll-ups';
import type { Change, LoggedTransition, Place, StoredTask } from './stored-task';
import type { Tables } from './tables';

/** What became of a group's commands, and what its commit will have changed. */
export interface GroupResult {
  readonly outcomes: readonly Outcome[];
  readonly commit: Commit;
}

/**
 * One group of commands in one transaction: loads in bulk what they need, lets the domain decide one after the other
 * in memory, each seeing what those before it decided, and writes the result in bulk. A refusal is an outcome.
 *
 * Order: upkeep, claims, holders' writes, lapsed leases, dependents, new tasks. All of them wait at the same time, so
 * any order is one that their callers could have seen; in this one nothing has to be read that is not written yet, and
 * a holder's sign of life comes before the judgement on its lease.
 */
export class Group {
  private readonly outcomes = new Map<Command, Outcome>();
  private readonly changes = new Map<number, Change>();
  private readonly loaded: LoadedTasks;
  private readonly transitions: LoggedTransition[] = [];
  private readonly memory: Memory;
  private readonly dependencies = new DependencyChanges();
  private now = 0;

  constructor(
    private readonly tables: Tables,
    private readonly commands: readonly Command[],
  ) {
    this.memory = new Memory(tables);
    this.loaded = new LoadedTasks(tables);
  }

  async run(): Promise<GroupResult> {
    this.now = await this.tables.now();
    for (const { run } of this.commands.filter((command) => command.kind === 'upkeep')) {
      await run(this.tables, this.now);
    }
    await this.recall();
    await this.claim(this.commands.filter((command) => command.kind === 'claim'));
    this.update(this.commands.filter((command) => command.kind === 'update'));
    await this.lapse(this.commands.filter((command) => command.kind === 'lapse'));
    await this.tell(this.commands.filter((command) => command.kind === 'tell'));
    await this.insert(this.commands.filter((command) => command.kind === 'insert'));
    const commit = await this.write();
    return {
      outcomes: this.commands.map((command) => this.outcomes.get(command) ?? { ok: true, tasks: [] }),
      commit,
    };
  }

  /**
   * Looks up the keys, and loads what is written or told again by id. All that may have to be waited for is locked
   * here, in one order on every instance, before anything else is: instances that write each other's tasks cannot
   * deadlock.
   */
  private async recall(): Promise<void> {
    const told = await this.memory.look(this.commands, this.now);
    const written = this.commands.flatMap((command) => {
      if (command.kind === 'update') return [command.id];
      return command.kind === 'insert' ? command.dependsOn : [];
    });
    await this.loaded.loadByIds([...told, ...written]);
    this.memory.remember((id) => this.loaded.get(id)?.task);
  }

  private async claim(claims: readonly ClaimCommand[]): Promise<void> {
    const fresh = claims.filter((command) => !this.isAnswered(command));
    const taken = new Set<number>();
    const granted = new Map<ClaimCommand, readonly number[]>();
    for (const alike of Map.groupBy(fresh, ({ filter }) => JSON.stringify(filter)).values()) {
      await this.grant(alike, taken, granted);
    }
    await this.loaded.loadBySeqs([...taken]);
    for (const [command, seqs] of granted) {
      const tasks = this.loaded.at(seqs);
      this.settle(command, () => {
        const decisions = tasks.map((task) => ({ task, decision: command.decide(task.task, this.now) }));
        return decisions.map(({ task, decision }) => this.decided(task, decision));
      });
    }
  }

  /** Gives claims with the same filter the most urgent tasks that nobody of this group has, in one statement. */
  private async grant(
    alike: readonly ClaimCommand[],
    taken: Set<number>,
    granted: Map<ClaimCommand, readonly number[]>,
  ): Promise<void> {
    const [first] = alike;
    if (first === undefined) return;
    const wanted = alike.reduce((sum, { limit }) => sum + limit, 0);
    const seqs = await this.tables.claimable(first.filter, wanted, taken);
    let next = 0;
    for (const command of alike) {
      granted.set(command, seqs.slice(next, next + command.limit));
      next += command.limit;
    }
    for (const seq of seqs) taken.add(seq);
  }

  private update(updates: readonly UpdateCommand[]): void {
    for (const command of updates.filter((each) => !this.isAnswered(each))) {
      this.settle(command, () => {
        const stored = this.loaded.get(command.id);
        if (stored === undefined) throw new TaskNotFound(command.id);
        return [this.decided(stored, this.decide(command, stored))];
      });
    }
  }

  /** A worker that is refused because its task was cancelled knows it now: it keeps no slot any longer. */
  private decide({ decide }: UpdateCommand, stored: StoredTask): Decision {
    try {
      return decide(stored.task, this.now);
    } catch (error) {
      if (error instanceof TaskCancelled) {
        this.decided(stored, { task: stored.task.slotFreed(), effects: [] });
      }
      throw error;
    }
  }

  /** Tells dependents, in steps of a bounded size, how the tasks ended that they depend on. */
  private async tell(tells: readonly TellCommand[]): Promise<void> {
    for (const command of tells) {
      const ended = await this.tables.ended(command.limit);
      const dependencies = await this.loaded.loadBySeqs(ended);
      let left = command.limit;
      for (const dependency of dependencies) {
        if (left > 0) left -= await this.tellDependents(dependency, command, left);
      }
      this.outcomes.set(command, { ok: true, tasks: dependencies.map(({ task }) => task) });
    }
  }

  /** @returns how many were told */
  private async tellDependents(dependency: StoredTask, command: TellCommand, limit: number): Promise<number> {
    const { seq: onSeq, task } = dependency;
    const policies = policiesConcerned(task.status);
    const seqs = policies.length === 0 ? [] : await this.tables.dependents(onSeq, policies, limit);
    for (const stored of await this.loaded.loadBySeqs(seqs)) {
      if (!this.dependencies.settle({ seq: stored.seq, onSeq })) continue;
      this.decided(stored, command.decide(stored.task, task, this.now));
    }
    if (seqs.length < limit) this.dependencies.told.push({ seq: onSeq, policies });
    return seqs.length;
  }

  private async lapse(lapses: readonly LapseCommand[]): Promise<void> {
    for (const command of lapses) {
      const seqs = await this.tables.overdue(this.now, command.limit);
      const stored = await this.loaded.loadBySeqs(seqs.filter((seq) => !this.changes.has(seq)));
      this.settle(command, () => {
        const decisions = stored.map((each) => ({
          each,
          decision: command.decide(each.task, this.now),
        }));
        const lapsed = decisions.filter(({ each, decision }) => decision.task !== each.task);
        return lapsed.map(({ each, decision }) => this.decided(each, decision));
      });
    }
  }

  private async insert(inserts: readonly InsertCommand[]): Promise<void> {
    const fresh = inserts.filter((command) => !this.isAnswered(command));
    if (fresh.length === 0) return;
    let waiting = (await this.tables.waiting()) + this.waitingSoFar();
    const decisions: Decision[] = [];
    for (const command of fresh) {
      this.settle(command, () => {
        const decided = command.decide(this.now, waiting, (id) => this.loaded.get(id)?.task);
        waiting += decided.length;
        decisions.push(...decided);
        return decided.map(({ task }) => task);
      });
    }
    if (decisions.length === 0) return;
    const places = await this.tables.admit(decisions.map(({ task }) => task.state));
    for (const [index, place] of places.entries()) {
      const decision = decisions[index];
      if (decision !== undefined) this.changed(place, null, decision);
    }
    for (const decision of decisions) this.connect(decision);
  }

  /** Notes what a new task depends on: by now all of it is stored, or was decided in this group. */
  private connect({ task: { id }, dependsOn = [] }: Decision): void {
    for (const dependency of dependsOn.map((each) => this.loaded.get(each))) {
      const dependent = this.loaded.get(id);
      const onFailure = dependent?.task.state.needs?.onFailure;
      if (dependency === undefined || dependent === undefined || onFailure === undefined) continue;
      const isSettled = verdictOn(dependency.task.status, onFailure) !== 'open';
      this.dependencies.added.push({ seq: dependent.seq, onSeq: dependency.seq, onFailure, isSettled });
      if (!isSettled) this.decided(dependency, { task: awaited(dependency.task), effects: [] });
    }
  }

  private waitingSoFar(): number {
    let sum = 0;
    for (const { before, after } of this.changes.values()) {
      sum += Number(after.status === 'waiting') - Number(before?.status === 'waiting');
    }
    return sum;
  }

  private async write(): Promise<Commit> {
    const { kept } = this.memory;
    const { transitions, dependencies } = this;
    const seen = this.commands.filter((command) => command.kind === 'see');
    const keys = this.commands.filter((command) => command.kind === 'keys');
    const isIdle = this.changes.size === 0 && kept.length === 0 && dependencies.isEmpty && seen.length === 0;
    if (isIdle && keys.length === 0) return NOTHING_READY;
    const changes = [...this.changes.values()];
    const rollUps = rollUpsOf(changes, transitions, { workers: seen, at: this.now });
    const set = { changes, transitions, rollUps, dependencies, outcomes: kept };
    const lastEventId = isIdle ? null : await this.tables.write(set);
    const touched = rollUps.keys.map(({ keyId }) => keyId);
    for (const { run } of keys) touched.push(...(await run(this.tables)));
    const moved = await settleKeys(this.tables, touched);
    this.tellMoves(moved);
    if (isIdle && moved.length === 0) return NOTHING_READY;
    return commitOf([...changes, ...moved], lastEventId, this.moves());
  }

  /** What this group decided about, and its concurrency key moved on, is answered as it is now. */
  private tellMoves(moved: readonly Change[]): void {
    if (moved.length === 0) return;
    const latest = new Map(moved.map(({ after }) => [after.id, after]));
    for (const [command, outcome] of this.outcomes) {
      if (!outcome.ok) continue;
      const tasks = outcome.tasks.map((task) => (this.isOurs(task) ? (latest.get(task.id) ?? task) : task));
      this.outcomes.set(command, { ok: true, tasks });
    }
  }

  /** A replayed outcome tells the task as it was then. */
  private isOurs(task: Task): boolean {
    return this.loaded.get(task.id)?.task === task;
  }

  private moves(): readonly Move[] {
    return this.transitions.flatMap(({ seq, transition }) => {
      const change = this.changes.get(seq);
      return change === undefined ? [] : [{ transition, before: change.before, after: change.after }];
    });
  }

  private isAnswered(command: InsertCommand | UpdateCommand | ClaimCommand): boolean {
    const outcome = this.memory.answer(command);
    if (outcome !== null) this.outcomes.set(command, outcome);
    return outcome !== null;
  }

  /** A refusal concerns its own command only: nothing that it decided has been taken over yet. */
  private settle(
    command: Exclude<Command, { kind: 'upkeep' | 'tell' | 'keys' | 'see' }>,
    decide: () => readonly Task[],
  ): void {
    const outcome = this.memory.answer(command) ?? attempt(decide);
    this.memory.keep(command, outcome, this.now);
    this.outcomes.set(command, outcome);
  }

  private decided(stored: StoredTask, decision: Decision): Task {
    if (decision.task !== stored.task) this.changed(stored, stored.task, decision);
    return decision.task;
  }

  private changed({ seq, groupId, keyId }: Place, loaded: Task | null, { task, effects }: Decision): void {
    const known = this.changes.get(seq);
    const before = known === undefined ? loaded : known.before;
    this.dependencies.note(seq, loaded, task);
    this.changes.set(seq, { seq, groupId, keyId, before, after: task });
    this.loaded.put({ seq, groupId, keyId, task });
    for (const transition of effects) this.transitions.push({ seq, transition });
  }
}
