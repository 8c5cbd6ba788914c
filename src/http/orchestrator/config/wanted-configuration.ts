import type { WantedConfiguration } from '@task/application';
import { ConfigurationInvalid, type Violation } from '@task/domain';

/** What a configuration tells beside its settings: sent back, it means nothing. */
const TOLD_ONLY = 'origins';

/**
 * Finds the fields that a request names, however deep its sections are.
 * @param known every field that there is: `security.rate_limit.burst_size`
 * @throws ConfigurationInvalid for a section that is no object; an unknown field is left to whoever knows the fields
 */
export function wantedIn(body: object, known: readonly string[]): WantedConfiguration {
  const sections = new Set(known.flatMap(sectionsOf));
  const wanted = new Map<string, unknown>();
  const violations: Violation[] = [];
  const left: [path: string, value: unknown][] = Object.entries(body).filter(([name]) => name !== TOLD_ONLY);
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [path, value] = next;
    if (!sections.has(path)) wanted.set(path, value);
    else if (isObject(value))
      left.push(...Object.entries(value).map(([name, inner]) => under(path, name, inner)));
    else violations.push({ field: path, reason: 'not_object', constraints: {} });
  }
  if (violations.length > 0) throw new ConfigurationInvalid(violations);
  return inOrder(wanted, known);
}

/** In the order in which settings are told, so that changes are told in it too; unknown names are last. */
function inOrder(wanted: WantedConfiguration, known: readonly string[]): WantedConfiguration {
  const place = (field: string): number => (known.includes(field) ? known.indexOf(field) : known.length);
  return new Map([...wanted].sort(([one], [other]) => place(one) - place(other)));
}

/** `security.rate_limit.burst_size` is in `security` and in `security.rate_limit`. */
function sectionsOf(field: string): string[] {
  const parts = field.split('.');
  return parts.slice(0, -1).map((_, index) => parts.slice(0, index + 1).join('.'));
}

/** A name with a dot in it would look like a section with a field. */
function under(path: string, name: string, value: unknown): [string, unknown] {
  return [`${path}.${name.replaceAll('.', '\uFFFD')}`, value];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
