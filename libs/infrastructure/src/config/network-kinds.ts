import { bad, good, listOf, type Rule } from '@task/domain';
import { AddressList } from './address-list';
import { isEndpointLimit } from './endpoint-limits';
import type { Kind } from './setting';

const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/(?:[a-z0-9_.-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;
const HOST_NAME = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])$/i;
const LONGEST = 300;

/** IP addresses and ranges. */
export function addressRanges(max: number): Kind<readonly string[]> {
  return several(max, (text) => AddressList.isRange(text), 'IP addresses or CIDR ranges');
}

/** Addresses of proxies. Not all addresses: who believes everybody lets everybody forge an address. */
export function proxyRanges(max: number): Kind<readonly string[]> {
  return several(
    max,
    (text) => AddressList.isRange(text) && !/\/0+$/.test(text),
    'IP addresses or CIDR ranges (never all addresses)',
  );
}

/** Origins of web pages, or `*` for all. */
export function origins(max: number): Kind<readonly string[]> {
  return several(
    max,
    (text) => text === '*' || ORIGIN.test(text),
    'origins such as https://app.example.com (no path, no slash at the end), or * for all',
  );
}

/** Names of hosts. */
export function hostNames(max: number): Kind<readonly string[]> {
  return several(max, (text) => HOST_NAME.test(text), 'host names without a port');
}

/** How often single endpoints may be asked. */
export function endpointLimits(max: number): Kind<readonly string[]> {
  return several(max, isEndpointLimit, 'limits such as POST /api/v1/tasks=60');
}

function several(max: number, isTaken: (text: string) => boolean, what: string): Kind<readonly string[]> {
  const element: Rule = {
    schema: { type: 'string', maxLength: LONGEST },
    check: (value) =>
      typeof value === 'string' && value.length <= LONGEST && isTaken(value) ? good() : bad('bad_format'),
  };
  return {
    rule: listOf(element, { max }),
    allowed: `at most ${max} ${what}, in the environment separated by commas`,
    read: (text) => text.split(',').map((item) => item.trim()),
  };
}
