import { EventEmitter } from 'node:events';
import type { Log } from '@task/infrastructure';
import { eventually } from '../../test/support/eventually';
import { ReloadSignal } from './reload-signal';

describe('ReloadSignal', () => {
  const told: [string, object][] = [];
  const log = {
    info: (fields: object) => told.push(['info', fields]),
    error: (fields: object) => told.push(['error', fields]),
  } as unknown as Log;
  let signals: EventEmitter;
  let signal: ReloadSignal;

  beforeEach(() => {
    told.length = 0;
    signals = new EventEmitter();
    signal = new ReloadSignal(log, signals);
  });

  const hangUp = async (lines: number): Promise<void> => {
    signals.emit('SIGHUP');
    await eventually(() => Promise.resolve(told.length >= lines || null));
  };

  it('reads everything again that was added, each time', async () => {
    const read: string[] = [];
    signal.add('A', () => read.push('a'));
    signal.add('B', () => Promise.resolve(read.push('b')));

    await hangUp(2);
    await hangUp(4);

    expect(read).toEqual(['a', 'b', 'a', 'b']);
    expect(told[0]).toEqual(['info', { signal: 'SIGHUP', reloaded: 'A' }]);
  });

  it('logs what fails, and reads the rest', async () => {
    const broken = new Error('no such file');
    signal.add('A', () => Promise.reject(broken));
    signal.add('B', () => {
      throw broken;
    });
    signal.add('C', () => undefined);

    await hangUp(3);

    expect(told).toEqual(
      expect.arrayContaining([
        ['error', { signal: 'SIGHUP', kept: 'A', err: broken }],
        ['error', { signal: 'SIGHUP', kept: 'B', err: broken }],
        ['info', { signal: 'SIGHUP', reloaded: 'C' }],
      ]),
    );
  });

  it('takes the signal though nothing is to be read again, when told so', async () => {
    signal.listen();
    signal.listen();

    await hangUp(1);

    expect(told).toEqual([['info', { signal: 'SIGHUP' }]]);
  });

  it('takes no second reader for the same thing, in place of the first', () => {
    signal.add('A', () => undefined);
    expect(() => signal.add('A', () => undefined)).toThrow('A is read again already');
  });

  it('leaves the signal alone while nothing is to be read again', () => {
    expect(signals.listenerCount('SIGHUP')).toBe(0);
    signal.add('A', () => undefined);
    expect(signals.listenerCount('SIGHUP')).toBe(1);
    signal.close();
    expect(signals.listenerCount('SIGHUP')).toBe(0);
  });
});
