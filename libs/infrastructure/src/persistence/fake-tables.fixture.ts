import type { EpochMs, TaskState } from '@task/domain';
import { NOW } from '../../../../test/support/builders';
import { ArchiveTables } from './archive/archive-tables';
import type { KeptOutcome } from './commands';
import type { Place, StoredTask } from './stored-task';
import type { StoredKey, Tables, WriteSet } from './tables';

/** The one failure that may pass when a transaction is run again. */
export const DEADLOCK = new Error('deadlock detected');
/** A failure that stays. */
export const BROKEN = new Error('the connection is gone');

/** Tables that keep nothing, tell what was asked of them, and fail when the test wants it. */
export class FakeTables implements Tables {
  readonly asked: string[] = [];
  readonly written: WriteSet[] = [];
  waitingTasks: number | null = 0;
  dueSeqs: number[] = [];
  overdueSeqs: number[] = [];
  kept: KeptOutcome[] = [];
  readonly archive = new ArchiveTables((name) => this.query(name), 'sqlite');
  private readonly failures = new Map<string, Error[]>();
  private nextSeq = 100;
  private lastEvent = 0;

  constructor(private readonly stored: readonly StoredTask[] = []) {}

  /** Lets the next calls of a method fail, each with one of these. */
  failAt(method: keyof Tables, ...errors: readonly Error[]): void {
    this.failures.set(method, [...errors]);
  }

  begin = (): Promise<void> => this.answer('begin', undefined);
  commit = (): Promise<void> => this.answer('commit', undefined);
  rollback = (): Promise<void> => this.answer('rollback', undefined);
  announce = (): undefined => undefined;
  isShared = false;
  isRepeatable = (error: unknown): boolean => error === DEADLOCK;
  now = (): Promise<EpochMs> => this.answer('now', NOW);
  waiting = (): Promise<number> => this.answer('waiting', this.waitingTasks ?? 0);

  loadByIds(ids: readonly string[]): Promise<readonly StoredTask[]> {
    const found = this.stored.filter(({ task }) => ids.includes(task.id));
    return this.answer(`loadByIds ${ids.length}`, found);
  }

  loadBySeqs(seqs: readonly number[]): Promise<readonly StoredTask[]> {
    return this.answer(
      `loadBySeqs ${seqs.join()}`,
      this.stored.filter(({ seq }) => seqs.includes(seq)),
    );
  }

  claimable(filter: object, limit: number, taken: ReadonlySet<number>): Promise<readonly number[]> {
    const free = this.stored.filter(({ seq, task }) => task.state.gate === 'ready' && !taken.has(seq));
    return this.answer(
      `claimable ${JSON.stringify(filter)} ${limit}`,
      free.slice(0, limit).map(({ seq }) => seq),
    );
  }

  due(): Promise<readonly number[]> {
    return this.answer('due', this.dueSeqs.splice(0));
  }

  dueSchedules(): Promise<readonly never[]> {
    return this.answer('dueSchedules', []);
  }

  admit(states: readonly TaskState[]): Promise<readonly Place[]> {
    const places = states.map(() => ({ seq: (this.nextSeq += 1), groupId: 1, keyId: null }));
    return this.answer(`admit ${states.length}`, places);
  }

  overdue(_: EpochMs, limit: number): Promise<readonly number[]> {
    return this.answer(`overdue ${limit}`, this.overdueSeqs.slice(0, limit));
  }

  recall(keys: readonly string[]): Promise<readonly KeptOutcome[]> {
    const found = this.kept.filter(({ key }) => keys.includes(key));
    return this.answer(`recall ${keys.join()}`, found);
  }

  endedSeqs: number[] = [];
  dependentSeqs: number[] = [];
  ended = (limit: number): Promise<readonly number[]> =>
    this.answer(`ended ${limit}`, this.endedSeqs.slice(0, limit));
  dependents = (): Promise<readonly number[]> => this.answer('dependents', this.dependentSeqs);
  keyLoads = (ids: readonly number[]): Promise<readonly StoredKey[]> =>
    this.answer(`keyLoads ${ids.join()}`, []);
  heldOf = (): Promise<readonly number[]> => this.answer('heldOf', []);
  readyOf = (): Promise<readonly number[]> => this.answer('readyOf', []);
  limitKey = (): Promise<number> => this.answer('limitKey', 1);
  strandedKeys = (): Promise<readonly number[]> => this.answer('strandedKeys', []);
  forgetBlocks = (): Promise<void> => this.answer('forgetBlocks', undefined);
  shiftLeases = (byMs: number): Promise<void> => this.answer(`shift ${byMs}`, undefined);
  keep = (outcomes: readonly KeptOutcome[]): Promise<void> =>
    this.answer(`keep ${outcomes.length}`, undefined);
  query = <Row extends object>(name: string): Promise<readonly Row[]> => this.answer(`query ${name}`, []);
  forgetOutcomes = (_: EpochMs, limit: number): Promise<number> => this.answer(`forget ${limit}`, limit);

  write(set: WriteSet): Promise<number | null> {
    this.written.push(set);
    this.lastEvent += set.transitions.length;
    return this.answer('write', set.transitions.length === 0 ? null : this.lastEvent);
  }

  private async answer<T>(call: string, value: T): Promise<T> {
    this.asked.push(call);
    const failure = this.failures.get(call.split(' ')[0] ?? '')?.shift();
    if (failure !== undefined) throw failure;
    return value;
  }
}
