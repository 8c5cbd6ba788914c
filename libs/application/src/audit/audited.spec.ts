import { TaskNotFound } from '@task/domain';
import { Notebook } from '../../../../test/support/notebook';
import type { Call } from '../call';
import { StoreUnavailable } from '../ports/store-unavailable';
import { audited } from './audited';

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

  it('takes an id that is none only as far as it can be shown', async () => {
    const target = `\0\n${'x'.repeat(1_000)}\ud800`;
    await audited(log, CALL, { action: 'task.cancel', target }, () => Promise.resolve('done'));
    expect(log.records).toMatchObject([{ target: `\ufffd\ufffd${'x'.repeat(98)}` }]);
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
