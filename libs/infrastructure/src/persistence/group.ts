import type { Commit, Move } from '@task/application';
import { TaskArchived, TaskNotFound, type Decision, type Task } from '@task/domain';
import { Archiving } from './archive/archiving';
import type { ClaimCommand, Command, InsertCommand, LapseCommand, Outcome, UpdateCommand } from './commands';
import { commitOf, NOTHING_READY } from './commit-news';
import { LoadedTasks } from './loaded-tasks';
import { Memory } from './memory-of-outcomes';
import { rollUpsOf } from './roll-ups';
import type { Change, LoggedTransition, StoredTask } from './stored-task';
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
 * Order: upkeep, claims, holders' writes, lapsed leases, new tasks, the archive. All of them wait at the same time, so any order is
 * one that their callers could have seen; in this one nothing has to be read that is not written yet, and a holder's
 * sign of life comes before the judgement on its lease.
 */
export class Group {
  private readonly outcomes = new Map<Command, Outcome>();
  private readonly changes = new Map<number, Change>();
  private readonly loaded: LoadedTasks;
  private readonly transitions: LoggedTransition[] = [];
  private readonly memory: Memory;
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
    await this.insert(this.commands.filter((command) => command.kind === 'insert'));
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
    const written = this.commands.flatMap((command) => (command.kind === 'update' ? [command.id] : []));
    await this.loaded.loadByIds([...told, ...written]);
    this.memory.remember((id) => this.loaded.find(id));
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
        if (stored === undefined) return [this.unchanged(command)];
        return [this.decided(stored, command.decide(stored.task, this.now))];
      });
    }
  }

  /** An archived task refuses what its state refuses, tells again what was done already, and refuses all else. */
  private unchanged({ id, decide }: UpdateCommand): Task {
    const archived = this.loaded.getArchived(id);
    if (archived === undefined) throw new TaskNotFound(id);
    const { task, effects } = decide(archived, this.now);
    if (task === archived) return task;
    throw new TaskArchived(id, archived.status, effects[0]?.command ?? 'renew');
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
        const decided = command.decide(this.now, waiting);
        waiting += decided.length;
        decisions.push(...decided);
        return decided.map(({ task }) => task);
      });
    }
    if (decisions.length === 0) return;
    const places = await this.tables.admit(decisions.map(({ task }) => task.state));
    for (const [index, { seq, groupId }] of places.entries()) {
      const decision = decisions[index];
      if (decision !== undefined) this.changed({ seq, groupId }, null, decision);
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
    const seen = this.commands.filter((command) => command.kind === 'see');
    if (this.changes.size === 0 && kept.length === 0 && seen.length === 0) return NOTHING_READY;
    const changes = [...this.changes.values()];
    const { transitions } = this;
    const rollUps = rollUpsOf(changes, transitions, { workers: seen, at: this.now });
    const lastEventId = await this.tables.write({ changes, transitions, outcomes: kept, rollUps });
    return commitOf(changes, lastEventId, this.moves());
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
  private settle(command: Exclude<Command, { kind: 'upkeep' | 'see' }>, decide: () => readonly Task[]): void {
    const outcome = this.memory.answer(command) ?? attempt(decide);
    this.memory.keep(command, outcome, this.now);
    this.outcomes.set(command, outcome);
  }

  private decided(stored: StoredTask, decision: Decision): Task {
    if (decision.task !== stored.task) this.changed(stored, stored.task, decision);
    return decision.task;
  }

  private changed(
    { seq, groupId }: Pick<StoredTask, 'seq' | 'groupId'>,
    loaded: Task | null,
    { task, effects }: Decision,
  ): void {
    const before = this.changes.get(seq)?.before ?? loaded;
    this.changes.set(seq, { seq, groupId, before, after: task });
    this.loaded.put({ seq, groupId, task });
    for (const transition of effects) this.transitions.push({ seq, transition });
  }
}

function attempt(decide: () => readonly Task[]): Outcome {
  try {
    return { ok: true, tasks: decide() };
  } catch (error) {
    return { ok: false, error };
  }
}
