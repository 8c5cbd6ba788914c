import { bad, good, type Rule } from '../rules/rule';
import { printable } from '../rules/text-rules';

const BASE = printable({ min: 1, max: 64 });

/** A time zone by its IANA name, `Europe/Berlin`, or `UTC`. */
export function timeZone(): Rule {
  return {
    schema: BASE.schema,
    check: (value) => {
      const faults = BASE.check(value);
      if (faults.length > 0 || typeof value !== 'string') return faults;
      return isTimeZone(value) ? good() : bad('not_time_zone', { examples: ['UTC', 'Europe/Berlin'] });
    },
  };
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
