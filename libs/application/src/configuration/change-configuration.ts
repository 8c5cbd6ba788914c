import {
  ConfigurationContradictory,
  ConfigurationInvalid,
  ConfigurationNeedsRestart,
  ConfigurationShutsOutCaller,
  faultsAt,
  type EpochMs,
  type Violation,
} from '@task/domain';
import { audited } from '../audit/audited';
import type { Call } from '../call';
import type { AuditLog } from '../ports/audit-log';
import type { Clock } from '../ports/clock';
import type { Configuration, ConfigurationEntry } from '../ports/configuration';
import type { SettingsStore, StoredValue, StoredValues } from '../ports/settings-store';
import { isSameValue } from './same-value';

/** Values by field: `logging.level`. Null takes back what was stored. */
export type WantedConfiguration = ReadonlyMap<string, unknown>;

/** A setting that has another value than before. */
export interface ConfigurationChange {
  readonly field: string;
  readonly before: StoredValue | null;
  readonly after: StoredValue | null;
}

/** What has changed, and since when. */
export interface ChangedConfiguration {
  readonly changes: readonly ConfigurationChange[];
  readonly at: EpochMs;
}

interface Wanted {
  readonly entry: ConfigurationEntry;
  /** Null takes back what was stored. */
  readonly value: unknown;
}

/**
 * Changes settings of the running service: everything that is wanted is checked first, then all of it is stored and
 * used, or nothing. A value that holds already is no change, so that a whole configuration can be sent back.
 */
export class ChangeConfiguration {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly configuration: Configuration,
    private readonly store: SettingsStore,
    private readonly clock: Clock,
    private readonly audit: AuditLog,
  ) {}

  /**
   * One change after the other: each is checked against what the one before has left.
   * @throws ConfigurationInvalid, ConfigurationNeedsRestart, ConfigurationContradictory, ConfigurationShutsOutCaller,
   * StoreUnavailable
   */
  execute(wanted: WantedConfiguration, call: Call): Promise<ChangedConfiguration> {
    return this.inTurn(() => this.change(wanted, call));
  }

  /**
   * Takes in what others have stored since: another instance on the same database, or the command line.
   * @throws StoreUnavailable, Error that names what is not allowed here; nothing has changed then
   */
  takeIn(): Promise<void> {
    return this.inTurn(async () => {
      const stored = await this.store.read();
      if (!hasSame(this.configuration.stored, stored)) this.configuration.use(stored);
    });
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work);
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private change(wanted: WantedConfiguration, call: Call): Promise<ChangedConfiguration> {
    const fields = [...wanted.keys()].slice(0, MOST_FIELDS_TOLD);
    const sensitive = {
      action: 'config.change' as const,
      target: null,
      details: { fields },
      outcome: ({ changes }: ChangedConfiguration) => ({ details: { changes } }),
    };
    return audited(this.audit, call, sensitive, async () => {
      const news = this.checked(wanted, call.origin?.address ?? null);
      return this.apply(news);
    });
  }

  /** What differs from what holds, when all of it may be. */
  private checked(wanted: WantedConfiguration, address: string | null): readonly Wanted[] {
    const news = this.found(wanted).filter(isNews);
    const violations = news.flatMap(({ entry, value }) =>
      value === null ? [] : faultsAt(entry.field, entry.rule.check(value)),
    );
    if (violations.length > 0) throw new ConfigurationInvalid(violations);
    const fixed = news.filter(({ entry }) => !entry.isLive).map(({ entry }) => entry);
    if (fixed.length > 0) throw new ConfigurationNeedsRestart(fixed);
    const stored = this.storedWith(news);
    const problems = this.configuration.contradictions(stored);
    if (problems.length > 0) throw new ConfigurationContradictory(problems);
    if (address !== null && !this.configuration.admits(address, stored)) {
      throw new ConfigurationShutsOutCaller(address);
    }
    return news;
  }

  private found(wanted: WantedConfiguration): readonly Wanted[] {
    const entries = new Map(this.configuration.entries().map((entry) => [entry.field, entry]));
    const unknown: Violation[] = [];
    const found: Wanted[] = [];
    for (const [field, value] of wanted) {
      const entry = entries.get(field);
      if (entry === undefined) unknown.push({ field, reason: 'unknown_field', constraints: {} });
      else found.push({ entry, value });
    }
    if (unknown.length > 0) throw new ConfigurationInvalid(unknown);
    return found;
  }

  private async apply(news: readonly Wanted[]): Promise<ChangedConfiguration> {
    const before = this.valuesByField();
    if (news.length > 0) {
      await this.store.write(
        new Map(news.map(({ entry, value }) => [entry.name, value as StoredValue | null])),
      );
      this.configuration.use(this.storedWith(news));
    }
    const changes = [...this.valuesByField()]
      .map(([field, after]) => ({ field, before: before.get(field) ?? null, after }))
      .filter((change) => !isSameValue(change.before, change.after));
    return { changes, at: this.clock.now() };
  }

  private storedWith(news: readonly Wanted[]): StoredValues {
    const stored = new Map(this.configuration.stored);
    for (const { entry, value } of news) {
      if (value === null) stored.delete(entry.name);
      else stored.set(entry.name, value as StoredValue);
    }
    return stored;
  }

  private valuesByField(): ReadonlyMap<string, StoredValue | null> {
    return new Map(this.configuration.entries().map(({ field, value }) => [field, value]));
  }
}

/** Names of fields that one row of the audit log holds at most: they are the caller's. */
const MOST_FIELDS_TOLD = 50;

function isNews({ entry, value }: Wanted): boolean {
  return value === null ? entry.origin === 'stored' : !isSameValue(entry.value, value);
}

function hasSame(one: StoredValues, other: StoredValues): boolean {
  return one.size === other.size && [...one].every(([name, value]) => isSameValue(value, other.get(name)));
}
