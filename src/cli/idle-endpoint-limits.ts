import type { RouteTable } from '../http/shared/failures/route-table';
import { chargeOf } from '../http/shared/limits/charge';

/** Tells of limits that limit nothing, in words for the operator: a slip of the pen, or what is never limited. */
export function idleEndpointLimits(endpoints: Iterable<string>, routes: RouteTable): string[] {
  return [...endpoints].flatMap((name) => {
    const [method = '', path = ''] = name.split(' ');
    if (!routes.methodsOf(path).includes(method))
      return [`RATE_LIMIT_ENDPOINTS: there is no endpoint ${name}`];
    if (chargeOf(path) === 'request') return [];
    return [`RATE_LIMIT_ENDPOINTS: ${name} is never limited; probes and what holders write are not`];
  });
}
