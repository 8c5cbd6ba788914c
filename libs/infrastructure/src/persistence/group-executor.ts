import { TaskNotFound, type Decision, type Task } from '@task/domain';
import type { ClaimCommand, Command, InsertCommand, Outcome, UpdateCommand } from './commands';
import { rollUpsOf } from './roll-ups';
import type { Change, LoggedTransition, StoredTask } from './stored-task';
import type { Tables } from './tables';

/** Tasks that a group moves from scheduled to ready at most. */
const PROMOTE_AT_MOST = 500;

/** Times that a group is run when instances deadlock with each other. */
const ATTEMPTS = 4;

/**
 * Runs a group of commands in one transaction: loads in bulk what they need, lets the domain decide one after the
 * other in memory, each seeing what those before it decided, and writes the result in bulk. A refusal is an outcome;
 * what this rejects with is the database's, and nothing of the group was stored then, unless `commit` itself failed.
 *
 * Order within a group: claims, holders' writes, new tasks. All of them wait at the same time, so any order is one
 * that their callers could have seen; this one never has to read what it has not written yet.
 */
export class GroupExecutor {
  constructor(private readonly tables: Tables) {}

  async run(commands: readonly Command[]): Promise<readonly Outcome[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(commands);
      } catch (error) {
        if (attempt === ATTEMPTS || !this.tables.isRepeatable(error)) throw error;
      }
    }
  }

  private async once(commands: readonly Command[]): Promise<readonly Outcome[]> {
    await this.tables.begin();
    try {
      if (commands.some(({ kind }) => kind === 'claim')) await this.promote();
      const outcomes = await new Group(this.tables, commands).run();
      await this.tables.commit();
      return outcomes;
    } catch (error) {
      await this.tables.rollback();
      throw error;
    }
  }

  /** Due tasks become ready in a transaction of their own, so that the claims behind it find them in the index. */
  private async promote(): Promise<void> {
    const now = await this.tables.now();
    const due = await this.tables.due(now, PROMOTE_AT_MOST);
    if (due.length === 0) return;
    const stored = await this.tables.loadBySeqs(due);
    const changes = stored.map(({ seq, groupId, task }) => ({
      seq,
      groupId,
      before: task,
      after: task.becomeDue(now),
    }));
    await this.tables.write({ changes, transitions: [], rollUps: rollUpsOf(changes, []) });
    await this.tables.commit();
    await this.tables.begin();
  }
}

class Group {
  private readonly outcomes = new Map<Command, Outcome>();
  private readonly changes = new Map<number, Change>();
  private readonly loaded = new Map<string, StoredTask>();
  private readonly transitions: LoggedTransition[] = [];
  private now = 0;

  constructor(
    private readonly tables: Tables,
    private readonly commands: readonly Command[],
  ) {}

  async run(): Promise<readonly Outcome[]> {
    this.now = await this.tables.now();
    await this.claim(this.commands.filter((command) => command.kind === 'claim'));
    await this.update(this.commands.filter((command) => command.kind === 'update'));
    await this.insert(this.commands.filter((command) => command.kind === 'insert'));
    await this.write();
    return this.commands.map((command) => this.outcomes.get(command) ?? { ok: true, tasks: [] });
  }

  private async claim(claims: readonly ClaimCommand[]): Promise<void> {
    const taken = new Set<number>();
    const granted = new Map<ClaimCommand, readonly number[]>();
    for (const alike of Map.groupBy(claims, ({ filter }) => JSON.stringify(filter)).values()) {
      await this.grant(alike, taken, granted);
    }
    const stored = await this.load([...taken]);
    for (const [command, seqs] of granted) {
      const tasks = seqs.flatMap((seq) => stored.get(seq) ?? []);
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

  private async load(seqs: readonly number[]): Promise<ReadonlyMap<number, StoredTask>> {
    if (seqs.length === 0) return new Map();
    const stored = await this.tables.loadBySeqs(seqs);
    for (const task of stored) this.loaded.set(task.task.id, task);
    return new Map(stored.map((task) => [task.seq, task]));
  }

  private async update(updates: readonly UpdateCommand[]): Promise<void> {
    const missing = new Set(updates.map(({ id }) => id).filter((id) => !this.loaded.has(id)));
    if (missing.size > 0) {
      for (const task of await this.tables.loadByIds([...missing])) this.loaded.set(task.task.id, task);
    }
    for (const command of updates) {
      this.settle(command, () => {
        const stored = this.loaded.get(command.id);
        if (stored === undefined) throw new TaskNotFound(command.id);
        return [this.decided(stored, command.decide(stored.task, this.now))];
      });
    }
  }

  private async insert(inserts: readonly InsertCommand[]): Promise<void> {
    if (inserts.length === 0) return;
    let waiting = (await this.tables.waiting()) + this.waitingSoFar();
    const decisions: Decision[] = [];
    for (const command of inserts) {
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

  private async write(): Promise<void> {
    if (this.changes.size === 0) return;
    const changes = [...this.changes.values()];
    await this.tables.write({
      changes,
      transitions: this.transitions,
      rollUps: rollUpsOf(changes, this.transitions),
    });
  }

  /** A refusal concerns its own command only: nothing that it decided has been taken over yet. */
  private settle(command: Command, decide: () => readonly Task[]): void {
    try {
      this.outcomes.set(command, { ok: true, tasks: decide() });
    } catch (error) {
      this.outcomes.set(command, { ok: false, error });
    }
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
    this.loaded.set(task.id, { seq, groupId, task });
    for (const transition of effects) this.transitions.push({ seq, transition });
  }
}
