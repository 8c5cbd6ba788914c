import { TASK_MANAGER_PATH } from '../dialect-paths';

const IN_ANY_DIALECT = `^(?:${TASK_MANAGER_PATH})?`;
const ENDINGS = 'heartbeat|progress|release|complete|fail';

const PROBES = new RegExp(`${IN_ANY_DIALECT}/health(?:[/?]|$)`, 'i');
const HOLDERS_WRITES = new RegExp(
  `${IN_ANY_DIALECT}/api/v1/(?:tasks/(?:[^/?]+/(?:${ENDINGS})|complete)|workers/[^/?]+/heartbeat)/?(?:\\?|$)`,
  'i',
);

/**
 * What a request costs its caller's allowance: health probes nothing, and writes by lease holders only their refusals,
 * because throttling a holder makes double work. Spelled as freely as the router matches.
 */
export type Charge = 'request' | 'refusals' | 'nothing';

/** The charge of a request, by its URL. Source: behaviour.md 10. */
export function chargeOf(url: string): Charge {
  if (PROBES.test(url)) return 'nothing';
  return HOLDERS_WRITES.test(url) ? 'refusals' : 'request';
}
