import type { IdempotencyKey } from '@task/application';
import { IdempotencyKeyReused, type EpochMs, type Task } from '@task/domain';
import type { Command, Outcome } from './commands';
import { isStillHeld, keptAnswerOf, KEPT_MS, outcomeFrom, type KeptAnswer } from './kept-answer';
import type { StoredTask } from './stored-task';
import type { KeptOutcome, Tables } from './tables';

interface Remembered {
  readonly fingerprint: string;
  readonly outcome: Outcome;
}

type KeyedCommand = Exclude<Command, { kind: 'upkeep' } | { kind: 'lapse' }> & {
  readonly key: IdempotencyKey;
};

/** What a group of commands knows of the outcomes under their idempotency keys: from before, and its own. */
export class Memory {
  private readonly remembered = new Map<string, Remembered>();
  private readonly added = new Map<string, KeptOutcome>();

  constructor(private readonly tables: Tables) {}

  /** Outcomes of this group that have to be stored with it. */
  get kept(): readonly KeptOutcome[] {
    return [...this.added.values()];
  }

  /** Looks up the commands' keys. @returns the tasks that had to be loaded for it, locked */
  async recall(commands: readonly Command[], now: EpochMs): Promise<readonly StoredTask[]> {
    const keyed = commands.filter(hasKey);
    if (keyed.length === 0) return [];
    const found = await this.tables.recall([...new Set(keyed.map(({ key }) => key.key))], now);
    const answers = found.map(({ key, fingerprint, outcome }) => ({
      key,
      fingerprint,
      answer: JSON.parse(outcome) as KeptAnswer,
    }));
    const ids = answers.flatMap(({ answer }) => ('tasks' in answer ? answer.tasks.map(({ id }) => id) : []));
    const stored = ids.length === 0 ? [] : await this.tables.loadByIds([...new Set(ids)]);
    const tasks = new Map<string, Task>(stored.map(({ task }) => [task.id, task]));
    const claims = new Set(keyed.filter(({ kind }) => kind === 'claim').map(({ key }) => key.key));
    for (const { key, fingerprint, answer } of answers) {
      // A claim's key stands for its lease: once that has ended, the key is free for a new claim.
      if (claims.has(key) && !isStillHeld(answer, tasks)) continue;
      this.remembered.set(key, { fingerprint, outcome: outcomeFrom(answer, tasks) });
    }
    return stored;
  }

  /** The outcome that the command's key stands for, or null when it has to be run. */
  answer(command: Command): Outcome | null {
    if (!hasKey(command)) return null;
    const { key } = command;
    const remembered = this.remembered.get(key.key);
    if (remembered === undefined) return null;
    if (remembered.fingerprint !== key.fingerprint) return { ok: false, error: new IdempotencyKeyReused() };
    key.onReplay();
    return remembered.outcome;
  }

  /** Keeps a command's outcome, where outcomes of its kind are kept. */
  keep(command: Command, outcome: Outcome, now: EpochMs): void {
    if (!hasKey(command) || this.remembered.has(command.key.key)) return;
    const answer = keptAnswerOf(outcome);
    if (answer === null) return;
    const { key, fingerprint } = command.key;
    this.remembered.set(key, { fingerprint, outcome });
    this.added.set(key, { key, fingerprint, outcome: JSON.stringify(answer), expiresAt: now + KEPT_MS });
  }
}

function hasKey(command: Command): command is KeyedCommand {
  return 'key' in command && command.key !== undefined;
}
