import type { EventEmitter } from 'node:events';
import type { Log } from '@task/infrastructure';

const SIGNAL = 'SIGHUP';

/** Reads a part of the configuration again. May give a promise of its end. */
type Reload = () => unknown;

/**
 * Who reads files again when the operator sends SIGHUP. Without anybody who does, the signal ends the process as it
 * always has: it comes when a terminal is closed, too.
 */
export class ReloadSignal {
  private readonly reloads = new Map<string, Reload>();

  /** @param signals where signals are told: the process */
  constructor(
    private readonly log: Log,
    private readonly signals: Pick<EventEmitter, 'on' | 'off'> = process,
  ) {}

  /**
   * Lets the signal read something again. What fails is logged, and keeps none of the others from being read.
   * @param what   the name of the setting, as the log tells it
   * @param reload keeps what it had when it throws
   */
  add(what: string, reload: Reload): void {
    if (this.reloads.size === 0) this.signals.on(SIGNAL, this.onSignal);
    this.reloads.set(what, reload);
  }

  /** Takes no more signals. */
  close(): void {
    this.signals.off(SIGNAL, this.onSignal);
    this.reloads.clear();
  }

  private readonly onSignal = (): void => {
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
