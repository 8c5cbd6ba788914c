import { TaskNotFound } from '@task/domain';
import type { Call } from '../call';
import { AuditLog, type AuditPage, type AuditRecord } from '../ports/audit-log';
import { StoreUnavailable } from '../ports/store-unavailable';
import { audited } from './audited';

class Notebook extends AuditLog {
  readonly records: AuditRecord[] = [];

  override record(...records: readonly AuditRecord[]): Promise<void> {
    this.records.push(...records);
    return Promise.resolve();
  }

  override list(): Promise<AuditPage> {
    return Promise.resolve({ entries: [], next: null });
  }
}

const ORIGIN = { address: '192.0.2.1', requestId: 'r-1' };
const CALL: Call = { actor: 'ci', signal: { aborted: false }, origin: ORIGIN };
const CANCEL = { action: 'task.cancel', target: 't-1', details: { force: false } } as const;

describe('audited', () => {
  let log: Notebook;

  beforeEach(() => (log = new Notebook()));

  it('writes down who did what to what, from where', async () => {
    expect(await audited(log, CALL, CANCEL, () => Promise.resolve('done'))).toBe('done');
    expect(log.records).toEqual([
      { actor: 'ci', origin: ORIGIN, outcome: 'done', ...CANCEL, details: { force: false } },
    ]);
  });

  it('adds what is known only afterwards', async () => {
    const outcome = (id: string): object => ({ target: id, details: { changed: 3 } });
    await audited(log, CALL, { action: 'key.create', target: null, outcome }, () => Promise.resolve('k-1'));
    expect(log.records).toMatchObject([{ target: 'k-1', details: { changed: 3 } }]);
  });

  it('writes a refusal down with its code, and passes it on', async () => {
    const refusal = new TaskNotFound('t-1');
    await expect(audited(log, CALL, CANCEL, () => Promise.reject(refusal))).rejects.toBe(refusal);
    expect(log.records).toMatchObject([
      { outcome: 'refused', target: 't-1', details: { force: false, code: 'task.not_found' } },
    ]);
  });

  it('says nothing about what nobody knows', async () => {
    const fault = new StoreUnavailable('unknown');
    await expect(audited(log, CALL, CANCEL, () => Promise.reject(fault))).rejects.toBe(fault);
    expect(log.records).toEqual([]);
  });

  it('does not call done what could not be written down', async () => {
    const away = new StoreUnavailable('unreachable');
    log.record = () => Promise.reject(away);
    await expect(audited(log, CALL, CANCEL, () => Promise.resolve('done'))).rejects.toBe(away);
  });
});
