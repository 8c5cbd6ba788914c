import { Cron, type CronOptions } from 'croner';
import { Recurrence, type EpochMs } from '@task/domain';

/** Expressions in use that are kept parsed; beyond, the one that was used longest ago is parsed again. */
const MOST_KEPT = 1_000;
/** A date stands for one moment in this parser's language; only expressions come again. */
const DATE = /^\d{4}-/;

/**
 * The calendar of the cron parser croner: five fields, names of months and days, `L`, `W`, `#`, and nicknames such as
 * `@daily`. Lists and ranges of hours and minutes count as fixed, as Vixie cron has it.
 */
export class CronerRecurrence extends Recurrence {
  private readonly kept = new Map<string, Cron>();

  override understands(cron: string): boolean {
    return this.parsed(cron, 'UTC') !== null;
  }

  override next(cron: string, timeZone: string, after: EpochMs): EpochMs | null {
    try {
      return this.parsed(cron, timeZone)?.nextRun(new Date(after))?.getTime() ?? null;
    } catch {
      // Such as a time zone that the runtime's tables do not have any more.
      return null;
    }
  }

  private parsed(cron: string, timeZone: string): Cron | null {
    const key = `${timeZone} ${cron}`;
    const known = this.kept.get(key);
    if (known !== undefined) {
      this.kept.delete(key);
      this.kept.set(key, known);
      return known;
    }
    const parsed = parsedAnew(cron, timeZone);
    if (parsed !== null) this.keep(key, parsed);
    return parsed;
  }

  private keep(key: string, parsed: Cron): void {
    this.kept.set(key, parsed);
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST_KEPT && oldest !== undefined) this.kept.delete(oldest);
  }
}

function parsedAnew(cron: string, timezone: string): Cron | null {
  if (DATE.test(cron)) return null;
  const options: CronOptions = { timezone, mode: '5-part', fixedTimeRule: 'no-wildcard', paused: true };
  try {
    return new Cron(cron, options);
  } catch {
    return null;
  }
}
