import type { IdempotencyKey } from '@task/application';
import { DomainError, IdempotencyKeyReused, type EpochMs, type Task } from '@task/domain';
import type { Command, KeptOutcome, Outcome } from './commands';
import {
  heldPartOf,
  keptAnswerOf,
  KEPT_MS,
  outcomeFrom,
  type FindTask,
  type KeptAnswer,
} from './kept-answer';
import type { Tables } from './tables';

interface Remembered {
  readonly fingerprint: string;
  readonly outcome: Outcome;
}

interface Found {
  readonly key: string;
  readonly fingerprint: string;
  readonly answer: KeptAnswer;
}

type KeyedCommand = Exclude<Command, { kind: 'upkeep' | 'lapse' | 'tell' | 'keys' }> & {
  readonly key: IdempotencyKey;
};

/** What a group of commands knows of the outcomes under their idempotency keys: from before, and its own. */
export class Memory {
  private readonly remembered = new Map<string, Remembered>();
  private readonly added = new Map<string, KeptOutcome>();
  private readonly claims = new Set<string>();
  private found: readonly Found[] = [];

  constructor(private readonly tables: Tables) {}

  /** Outcomes of this group that have to be stored with it. */
  get kept(): readonly KeptOutcome[] {
    return [...this.added.values()];
  }

  /** Looks up the commands' keys. @returns the ids of the tasks that their outcomes tell of */
  async look(commands: readonly Command[], now: EpochMs): Promise<readonly string[]> {
    const keyed = commands.filter(hasKey);
    if (keyed.length === 0) return [];
    for (const { kind, key } of keyed) if (kind === 'claim') this.claims.add(requestOf(key));
    const found = await this.tables.recall([...new Set(keyed.map(({ key }) => key.key))], now);
    this.found = found.map(({ key, fingerprint, outcome }) => ({
      ...{ key, fingerprint },
      answer: JSON.parse(outcome) as KeptAnswer,
    }));
    return this.found.flatMap(({ answer }) => ('tasks' in answer ? answer.tasks.map(({ id }) => id) : []));
  }

  /** Takes over what was found, now that its tasks are loaded. */
  remember(find: FindTask): void {
    for (const { key, fingerprint, answer } of this.found) {
      const isClaim = this.claims.has(requestOf({ key, fingerprint }));
      const holding = isClaim ? heldPartOf(answer, find) : answer;
      if (holding !== null) this.remembered.set(key, { fingerprint, outcome: outcomeFrom(holding, find) });
    }
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

function requestOf({ key, fingerprint }: Pick<IdempotencyKey, 'key' | 'fingerprint'>): string {
  return JSON.stringify([key, fingerprint]);
}

function hasKey(command: Command): command is KeyedCommand {
  return 'key' in command && command.key !== undefined;
}

/** Waits for what decides. A refusal is thrown by what this returns; what is broken, at once. */
export async function decidedBy<T>(decide: () => Promise<T>): Promise<() => T> {
  try {
    const decided = await decide();
    return () => decided;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return () => {
      throw error;
    };
  }
}

/** Runs what decides: a refusal is an outcome as well. */
export function attempt(decide: () => readonly Task[]): Outcome {
  try {
    return { ok: true, tasks: decide() };
  } catch (error) {
    return { ok: false, error };
  }
}
