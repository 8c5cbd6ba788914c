import {
  ConfigurationContradictory,
  ConfigurationInvalid,
  ConfigurationNeedsRestart,
  ConfigurationShutsOutCaller,
  flag,
  oneOf,
  printable,
  listOf,
  wholeNumber,
  type Rule,
} from '@task/domain';
import type { Call } from '../call';
import { AuditLog, type AuditRecord } from '../ports/audit-log';
import { Configuration, type ConfigurationEntry } from '../ports/configuration';
import { SettingsStore, type StoredValue, type StoredValues } from '../ports/settings-store';
import { StoreUnavailable } from '../ports/store-unavailable';
import { ChangeConfiguration, type ChangedConfiguration } from './change-configuration';

const AT = 1_755_511_200_000;

interface Row {
  readonly field: string;
  readonly name: string;
  readonly initial: StoredValue;
  readonly rule: Rule;
  readonly isLive: boolean;
}

const ROWS: readonly Row[] = [
  { field: 'logging.level', name: 'LEVEL', initial: 'info', rule: oneOf(['info', 'debug']), isLive: true },
  { field: 'queue.size', name: 'SIZE', initial: 10, rule: wholeNumber({ min: 1, max: 100 }), isLive: true },
  {
    field: 'security.origins',
    name: 'ORIGINS',
    initial: ['a'],
    rule: listOf(printable({ min: 1, max: 9 }), { max: 3 }),
    isLive: true,
  },
  { field: 'server.port', name: 'PORT', initial: 80, rule: wholeNumber({ min: 0, max: 99 }), isLive: false },
  { field: 'server.docs', name: 'DOCS', initial: true, rule: flag(), isLive: false },
];

class TestConfiguration extends Configuration {
  stored: StoredValues = new Map();
  problems: readonly string[] = [];
  admitted = true;

  override entries(): readonly ConfigurationEntry[] {
    return ROWS.map(({ field, name, initial, rule, isLive }) => ({
      ...{ field, name, rule, isLive },
      value: this.stored.get(name) ?? initial,
      origin: this.stored.has(name) ? 'stored' : 'default',
    }));
  }

  override contradictions(): readonly string[] {
    return this.problems;
  }

  override admits(): boolean {
    return this.admitted;
  }

  override use(stored: StoredValues): void {
    this.stored = stored;
  }
}

class TestStore extends SettingsStore {
  readonly kept = new Map<string, StoredValue>();
  fault: StoreUnavailable | null = null;

  override async read(): Promise<StoredValues> {
    return this.kept;
  }

  override async write(changes: ReadonlyMap<string, StoredValue | null>): Promise<void> {
    if (this.fault !== null) throw this.fault;
    for (const [name, value] of changes) {
      if (value === null) this.kept.delete(name);
      else this.kept.set(name, value);
    }
  }

  override watch(): () => void {
    return () => undefined;
  }
}

class TestAudit extends AuditLog {
  readonly records: AuditRecord[] = [];

  override async record(...records: readonly AuditRecord[]): Promise<void> {
    this.records.push(...records);
  }

  override async list(): Promise<never> {
    throw new Error('nobody asks');
  }
}

describe('ChangeConfiguration', () => {
  let configuration: TestConfiguration;
  let store: TestStore;
  let audit: TestAudit;
  let change: ChangeConfiguration;

  beforeEach(() => {
    configuration = new TestConfiguration();
    store = new TestStore();
    audit = new TestAudit();
    change = new ChangeConfiguration(configuration, store, { now: () => AT }, audit);
  });

  const execute = (
    wanted: Record<string, unknown>,
    call: Partial<Call> = {},
  ): Promise<ChangedConfiguration> =>
    change.execute(new Map(Object.entries(wanted)), { actor: 'anna', signal: { aborted: false }, ...call });
  const values = (): object =>
    Object.fromEntries(configuration.entries().map(({ field, value }) => [field, value]));
  const untouched = (): void => {
    expect(configuration.stored.size).toBe(0);
    expect(store.kept.size).toBe(0);
  };

  it('stores and uses what is wanted, and tells what has changed since when', async () => {
    expect(await execute({ 'queue.size': 20, 'logging.level': 'debug' })).toEqual({
      changes: [
        { field: 'logging.level', before: 'info', after: 'debug' },
        { field: 'queue.size', before: 10, after: 20 },
      ],
      at: AT,
    });
    expect(values()).toMatchObject({ 'logging.level': 'debug', 'queue.size': 20 });
    expect(Object.fromEntries(store.kept)).toEqual({ LEVEL: 'debug', SIZE: 20 });
  });

  it('takes a whole configuration back as no change, and stores none of it', async () => {
    expect((await execute({ ...values() })).changes).toEqual([]);
    untouched();
  });

  it('takes back with null what was stored', async () => {
    await execute({ 'queue.size': 20, 'logging.level': 'debug' });
    const { changes } = await execute({ 'queue.size': null });
    expect(changes).toEqual([{ field: 'queue.size', before: 20, after: 10 }]);
    expect(Object.fromEntries(store.kept)).toEqual({ LEVEL: 'debug' });
  });

  it('has nothing to take back where nothing is stored', async () => {
    expect((await execute({ 'queue.size': null, 'server.port': null })).changes).toEqual([]);
  });

  it('changes nothing when one of several values is wrong, and names all that are', async () => {
    const refused = execute({ 'logging.level': 'debug', 'queue.size': 0, 'security.origins': ['a', ''] });
    await expect(refused).rejects.toThrow(ConfigurationInvalid);
    await expect(refused).rejects.toMatchObject({
      violations: [{ field: 'queue.size' }, { field: 'security.origins[1]' }],
    });
    untouched();
  });

  it('names every setting that there is not', async () => {
    await expect(execute({ 'queue.size': 20, 'queue.colour': 1, nothing: 2 })).rejects.toMatchObject({
      violations: [
        { field: 'queue.colour', reason: 'unknown_field' },
        { field: 'nothing', reason: 'unknown_field' },
      ],
    });
    untouched();
  });

  it('names every setting that needs a restart', async () => {
    const refused = execute({ 'queue.size': 20, 'server.port': 81, 'server.docs': false });
    await expect(refused).rejects.toThrow(ConfigurationNeedsRestart);
    await expect(refused).rejects.toMatchObject({ settings: [{ name: 'PORT' }, { name: 'DOCS' }] });
    untouched();
  });

  it('refuses what contradicts the other settings', async () => {
    configuration.problems = ['that does not go together'];
    await expect(execute({ 'queue.size': 20 })).rejects.toThrow(ConfigurationContradictory);
    untouched();
  });

  it('refuses to shut its own caller out, wherever that is known', async () => {
    configuration.admitted = false;
    const origin = { address: '192.0.2.7', requestId: null };
    await expect(execute({ 'queue.size': 20 }, { origin })).rejects.toThrow(ConfigurationShutsOutCaller);
    untouched();
    await execute({ 'queue.size': 20 }, { origin: { address: null, requestId: null } });
    expect(values()).toMatchObject({ 'queue.size': 20 });
  });

  it('uses nothing that could not be stored', async () => {
    store.fault = new StoreUnavailable('unknown');
    await expect(execute({ 'queue.size': 20 })).rejects.toThrow(StoreUnavailable);
    expect(values()).toMatchObject({ 'queue.size': 10 });
  });

  it('makes one change after the other, each over what the one before has left', async () => {
    const [first, second] = await Promise.all([
      execute({ 'queue.size': 20 }),
      execute({ 'queue.size': 30, 'logging.level': 'debug' }),
    ]);
    expect(first.changes).toEqual([{ field: 'queue.size', before: 10, after: 20 }]);
    expect(second.changes).toEqual([
      { field: 'logging.level', before: 'info', after: 'debug' },
      { field: 'queue.size', before: 20, after: 30 },
    ]);
  });

  it('goes on after a change that was refused', async () => {
    const refused = execute({ nothing: 1 });
    const taken = execute({ 'queue.size': 20 });
    await expect(refused).rejects.toThrow(ConfigurationInvalid);
    expect((await taken).changes).toHaveLength(1);
  });

  it('writes down who changed what, and who was refused', async () => {
    await execute({ 'queue.size': 20 });
    await execute({ 'server.port': 81 }).catch(() => undefined);
    expect(audit.records).toEqual([
      expect.objectContaining({
        actor: 'anna',
        action: 'config.change',
        outcome: 'done',
        details: { fields: ['queue.size'], changes: [{ field: 'queue.size', before: 10, after: 20 }] },
      }),
      expect.objectContaining({
        outcome: 'refused',
        details: { fields: ['server.port'], code: 'config.needs_restart' },
      }),
    ]);
  });

  it('takes in what others have stored, and what they took back', async () => {
    await execute({ 'queue.size': 20 });
    store.kept.clear();
    store.kept.set('LEVEL', 'debug');
    await change.takeIn();
    expect(values()).toMatchObject({ 'logging.level': 'debug', 'queue.size': 10 });
  });

  it('never loses a change of its own to a look that began before it', async () => {
    const look = change.takeIn();
    const done = execute({ 'queue.size': 20 });
    await Promise.all([look, done, change.takeIn()]);
    expect(values()).toMatchObject({ 'queue.size': 20 });
  });
});
