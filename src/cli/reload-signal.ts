import type { EventEmitter } from 'node:events';
import type { Log } from '@task/infrastructure';

const SIGNAL = 'SIGHUP';

/** Reads a part of the configuration again. May give a promise of its end. */
type Reload = () => unknown;

/**
 * Who reads files again when the operator sends SIGHUP. Without anybody who does, the signal ends a process that a
 * terminal belongs to, as it always has: it comes when the terminal is closed, too.
 */
export class ReloadSignal {
  private readonly reloads = new Map<string, Reload>();
  private isListening = false;

  /** @param signals where signals are told: the process */
  constructor(
    private readonly log: Log,
    private readonly signals: Pick<EventEmitter, 'on' | 'off'> = process,
  ) {}

  /**
   * Lets the signal read something again, once for each name. What fails is logged, and keeps none of the others from being read.
   * @param what   the name of the setting, as the log tells it
   * @param reload keeps what it had when it throws
   */
  add(what: string, reload: Reload): void {
    if (this.reloads.has(what)) throw new Error(`${what} is read again already`);
    this.reloads.set(what, reload);
    this.listen();
  }

  /** Takes the signal though nothing is to be read again: no terminal is there to be closed, an operator has sent it. */
  listen(): void {
    if (!this.isListening) this.signals.on(SIGNAL, this.onSignal);
    this.isListening = true;
  }

  /** Takes no more signals. */
  close(): void {
    this.signals.off(SIGNAL, this.onSignal);
    this.isListening = false;
    this.reloads.clear();
  }

  private readonly onSignal = (): void => {
    if (this.reloads.size === 0) this.log.info({ signal: SIGNAL }, 'there is nothing to be read again');
    for (const [what, reload] of this.reloads) void this.run(what, reload);
  };

  private async run(what: string, reload: Reload): Promise<void> {
    try {
      await reload();
      this.log.info({ signal: SIGNAL, reloaded: what }, 'read again');
    } catch (error) {
      this.log.error(
        { signal: SIGNAL, kept: what, err: error },
        'not read again: what was there before stays',
      );
    }
  }
}
