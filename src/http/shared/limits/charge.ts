import type { IncomingHttpHeaders } from 'node:http';
import { IN_ANY_DIALECT, isHealthProbe } from '../dialect-paths';

const ENDINGS = 'heartbeat|progress|release|complete|fail';

/** One path for everything: what is asked for is in the body. */
const ANYTHING = /^\/mcp\/?(?:\?|$)/i;
const HOLDERS_WRITES = new RegExp(
  `${IN_ANY_DIALECT}/api/v1/(?:tasks/(?:[^/?]+/(?:${ENDINGS})|complete)|workers/[^/?]+/heartbeat)/?(?:\\?|$)`,
  'i',
);

/**
 * What a request costs its caller's allowance: health probes nothing, and writes by lease holders only their refusals,
 * because throttling a holder makes double work. Spelled as freely as the router matches.
 */
export type Charge = 'request' | 'refusals' | 'nothing';

/** The same, where the body has to be read first. */
export type ChargeAtDoor = Charge | 'later';

/** The tools of MCP that are writes of a lease's holder. */
const HOLDERS_TOOLS: readonly unknown[] = ['task_heartbeat', 'task_complete', 'task_fail', 'task_release'];

/** The charge of a request, by its URL. Source: behaviour.md 10. */
export function chargeOf(url: string, headers: IncomingHttpHeaders = {}): ChargeAtDoor {
  if (isHealthProbe(url)) return 'nothing';
  if (ANYTHING.test(url)) return chargeOfHeaders(headers);
  return HOLDERS_WRITES.test(url) ? 'refusals' : 'request';
}

/** The charge of one message of MCP. Whatever is no message is charged like one that asks for something. */
export function chargeOfMessage(message: unknown): Charge {
  const { method, params } = fieldsOf(message);
  return method === 'tools/call' && HOLDERS_TOOLS.includes(fieldsOf(params).name) ? 'refusals' : 'request';
}

/**
 * Clients of 2026 say in headers what they ask for, which is held against the body later: those who are out of requests
 * need not be read. What says nothing, or says that it is a holder's write, is.
 */
function chargeOfHeaders(headers: IncomingHttpHeaders): ChargeAtDoor {
  const method = headers['mcp-method'];
  if (method === undefined) return 'later';
  const message = { method, params: { name: headers['mcp-name'] } };
  return chargeOfMessage(message) === 'request' ? 'request' : 'later';
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
