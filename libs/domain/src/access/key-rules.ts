import { bad, good, type Fault, type Rule } from '../rules/rule';
import { oneOf, printable } from '../rules/text-rules';
import { listOf, wholeNumber } from '../rules/value-rules';
import { ROLES } from './role';

/** Callers that are no stored key; their names must mean nobody else. */
export const RESERVED_NAMES = ['admin', 'operator', 'anonymous'] as const;

/** What the makers of tasks begin with that are schedules: no key must pass for one. */
export const SCHEDULE_PREFIX = 'schedule:';

const TEN_YEARS_DAYS = 3_650;
const MOST_REQUESTS = 10_000_000;

/** What every field of a key takes. Source: behaviour.md 9. */
export const KEY_RULES = {
  name: keyName(),
  roles: someRoles(),
  expiresInDays: wholeNumber({ min: 1, max: TEN_YEARS_DAYS }),
  /** 0 for no limit. */
  requestsPerMinute: wholeNumber({ min: 0, max: MOST_REQUESTS }),
} as const;

/** One line without blanks at its ends, which is no other caller's name. */
function keyName(): Rule {
  const base = printable({ min: 1, max: 100 });
  return {
    schema: base.schema,
    check: (value) => {
      const faults = base.check(value);
      return faults.length > 0 || typeof value !== 'string' ? faults : nameFaults(value);
    },
  };
}

function nameFaults(name: string): readonly Fault[] {
  if (name.trim() !== name) return bad('bad_format', { expected: 'a name without blanks at its ends' });
  if (name.toLowerCase().startsWith(SCHEDULE_PREFIX)) {
    return bad('bad_format', { expected: `a name that does not begin with ${SCHEDULE_PREFIX}` });
  }
  const isReserved = RESERVED_NAMES.some((reserved) => reserved === name.normalize('NFKC').toLowerCase());
  return isReserved ? bad('reserved', { reserved: RESERVED_NAMES }) : good();
}

/** At least one role, each once. */
function someRoles(): Rule {
  const base = listOf(oneOf(ROLES), { max: ROLES.length });
  return {
    schema: base.schema,
    check: (value) => {
      const faults = base.check(value);
      if (faults.length > 0 || !Array.isArray(value)) return faults;
      if (value.length === 0) return bad('too_short', { min_length: 1 });
      return new Set(value).size === value.length ? good() : bad('not_unique');
    },
  };
}
