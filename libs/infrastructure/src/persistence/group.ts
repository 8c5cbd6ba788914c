import type { Commit } from '@task/application';
import { awaited, TaskCancelled, verdictOn, type Decision, type Task } from '@task/domain';
import { grantsOf } from './claim-grants';
import type {
  ClaimCommand,
  Command,
  InsertCommand,
  LapseCommand,
  Outcome,
  ScheduleCommand,
  TellCommand,
  UpdateCommand,
} from './commands';
import { Archiving } from './archive/archiving';
import { unchangedTask } from './archive/unchanged-task';
import { commitOf, movesOf, newsOf, passedOver } from './commit-news';
import { DependencyChanges, policiesConcerned } from './dependency-changes';
import { inOrder } from './in-order';
import { settleKeys } from './key-slots';
import { LoadedTasks } from './loaded-tasks';
import { attempt, decidedBy, Memory } from './memory-of-outcomes';
import { rollUpsOf } from './roll-ups';
import { waitingMore, type Change, type LoggedTransition, type Place, type StoredTask } from './stored-task';
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
 * Order: upkeep, claims, holders' writes, lapsed leases, dependents, schedules, new tasks, the archive. All of them
 * wait at the same time, so any order is one that their callers could have seen; in this one nothing has to be read
 * that is not written yet, and a holder's sign of life comes before the judgement on its lease.
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
    await this.insert(
      this.commands.filter((command) => command.kind === 'schedule'),
      this.commands.filter((command) => command.kind === 'insert'),
    );
    const archiving = new Archiving(this.tables.archive, (seq) => this.loaded.has(seq));
    await archiving.plan(this.commands, this.now);
    const commit = await this.write();
    await archiving.carryOut(this.now);
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
    this.memory.remember((id) => this.loaded.find(id));
  }

  private async claim(claims: readonly ClaimCommand[]): Promise<void> {
    const fresh = claims.filter((command) => !this.isAnswered(command));
    const granted = await grantsOf(this.tables, fresh);
    await this.loaded.loadBySeqs([...granted.values()].flat());
    for (const [command, seqs] of granted) {
      const tasks = this.loaded.at(seqs);
      this.settle(command, () => {
        const decisions = tasks.map((task) => ({ task, decision: command.decide(task.task, this.now) }));
        return decisions.map(({ task, decision }) => this.decided(task, decision));
      });
    }
  }

  private update(updates: readonly UpdateCommand[]): void {
    for (const command of updates.filter((each) => !this.isAnswered(each))) {
      this.settle(command, () => {
        const stored = this.loaded.get(command.id);
        if (stored === undefined) {
          return [unchangedTask(this.loaded.getArchived(command.id), command, this.now)];
        }
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

  /**
   * Tells dependents, in steps of a bounded size, how the tasks ended that they depend on. What has told nobody has moved
   * nothing on: its dependents are in somebody else's hands, who may have them for long. Only a full step says that
   * there may be more behind it.
   */
  private async tell(tells: readonly TellCommand[]): Promise<void> {
    for (const command of tells) {
      const ended = await this.tables.ended(command.limit);
      const dependencies = await this.loaded.loadBySeqs(ended);
      const moved = new Set<StoredTask>(ended.length < command.limit ? [] : dependencies);
      let left = command.limit;
      for (const dependency of dependencies) {
        const told = left > 0 ? await this.tellDependents(dependency, command, left) : 0;
        left -= told;
        if (told > 0) moved.add(dependency);
      }
      this.outcomes.set(command, { ok: true, tasks: [...moved].map(({ task }) => task) });
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

  private async insert(
    schedules: readonly ScheduleCommand[],
    inserts: readonly InsertCommand[],
  ): Promise<void> {
    const fresh = inserts.filter((command) => !this.isAnswered(command));
    if (fresh.length + schedules.length === 0) return;
    const stored = (await this.tables.waiting()) + waitingMore(this.changes.values());
    const decisions: Decision[] = [];
    const take = (command: InsertCommand | ScheduleCommand, decide: () => readonly Decision[]): void => {
      this.settle(command, () => {
        const decided = decide();
        decisions.push(...decided);
        return decided.map(({ task }) => task);
      });
    };
    for (const command of inOrder(schedules)) {
      if (this.isAnswered(command)) continue;
      const at = { now: this.now, waiting: stored + decisions.length };
      take(command, await decidedBy(() => command.run(this.tables, at)));
    }
    for (const command of fresh) {
      take(command, () => command.decide(this.now, stored + decisions.length, (id) => this.loaded.find(id)));
    }
    await this.admit(decisions);
  }

  private async admit(decisions: readonly Decision[]): Promise<void> {
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
    for (const each of dependsOn) {
      const live = this.loaded.get(each);
      const dependency = live ?? this.loaded.getArchived(each);
      const dependent = this.loaded.get(id);
      const onFailure = dependent?.task.state.needs?.onFailure;
      if (dependency === undefined || dependent === undefined || onFailure === undefined) continue;
      const isSettled = verdictOn(dependency.task.status, onFailure) !== 'open';
      this.dependencies.added.push({ seq: dependent.seq, onSeq: dependency.seq, onFailure, isSettled });
      if (!isSettled && live !== undefined) this.decided(live, { task: awaited(live.task), effects: [] });
    }
  }

  private async write(): Promise<Commit> {
    const { kept } = this.memory;
    const { transitions, dependencies } = this;
    const seen = this.commands.filter((command) => command.kind === 'see');
    const keys = this.commands.filter((command) => command.kind === 'keys');
    const isIdle = this.changes.size === 0 && kept.length === 0 && dependencies.isEmpty && seen.length === 0;
    const changes = [...this.changes.values()];
    const rollUps = rollUpsOf(changes, transitions, { workers: seen, at: this.now });
    const set = { changes, transitions, rollUps, dependencies, outcomes: kept };
    const lastEventId = isIdle ? null : await this.tables.write(set);
    const touched = rollUps.keys.map(({ keyId }) => keyId);
    for (const { run } of keys) touched.push(...(await run(this.tables)));
    const { moved, left } = await settleKeys(this.tables, touched);
    this.tellMoves(moved);
    const all = [...changes, ...moved];
    const others = this.tables.isShared ? passedOver([...this.loaded.all(), ...left], all) : [];
    if (isIdle && moved.length === 0) return newsOf(others);
    return commitOf([...all, ...others], lastEventId, movesOf(transitions, this.changes));
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

  private isAnswered(command: InsertCommand | UpdateCommand | ClaimCommand | ScheduleCommand): boolean {
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
