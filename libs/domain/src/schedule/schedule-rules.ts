import { bad, good, type Rule } from '../rules/rule';
import { oneOf, printable } from '../rules/text-rules';
import { flag, wholeNumber } from '../rules/value-rules';
import { timeZone } from './time-zone';

/**
 * What becomes of occurrences that nobody could look at in time.
 * - skip: nothing.
 * - once: one task for all of them.
 */
export const MISSED_POLICIES = ['skip', 'once'] as const;

/** One of {@link MISSED_POLICIES}. */
export type MissedPolicy = (typeof MISSED_POLICIES)[number];

/** The time zone of a schedule whose creator names none. */
export const DEFAULT_TIME_ZONE = 'UTC';

const DAY_SECONDS = 86_400;
const MOST_DAYS = 366;
/** Minute, hour, day of the month, month, day of the week; or a word for all of them. */
const CRON = /^(?:\S+(?: \S+){4}|@[a-z]+)$/;

/** What every field of a schedule takes. */
export const SCHEDULE_RULES = {
  name: scheduleName(),
  cron: cronText(),
  intervalSeconds: wholeNumber({ min: 1, max: MOST_DAYS * DAY_SECONDS }),
  timeZone: timeZone(),
  missed: oneOf(MISSED_POLICIES),
  isEnabled: flag(),
} as const;

/** One line without blanks at its ends. */
function scheduleName(): Rule {
  const base = printable({ min: 1, max: 100 });
  return refined(base, (name) =>
    name.trim() === name ? good() : bad('bad_format', { expected: 'a name without blanks at its ends' }),
  );
}

/** Five fields and a blank between each two; whether they mean anything, only a calendar can tell. */
function cronText(): Rule {
  const base = printable({ min: 1, max: 200 });
  return refined(base, (cron) => (CRON.test(cron) ? good() : bad('not_cron', { example: '30 2 * * 1-5' })));
}

function refined(base: Rule, more: (value: string) => ReturnType<Rule['check']>): Rule {
  return {
    schema: base.schema,
    check: (value) => {
      const faults = base.check(value);
      return faults.length > 0 || typeof value !== 'string' ? faults : more(value);
    },
  };
}
