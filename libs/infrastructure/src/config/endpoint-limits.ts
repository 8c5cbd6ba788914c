/** One limit: method, path with its parameters in braces, requests in a minute. */
const LIMIT = /^(GET|POST|PUT|PATCH|DELETE) (\/[^\s=?#]*)\s*=\s*(\d{1,8})$/i;
const PARAMETER = /\{[^{}/]*\}/g;

/** Whether a text says how often one endpoint may be asked: `POST /api/v1/tasks=60`. */
export function isEndpointLimit(text: string): boolean {
  const [, , path = '', most] = LIMIT.exec(text) ?? [];
  return Number(most) > 0 && !/[{}]/.test(path.replace(PARAMETER, ''));
}

/**
 * Requests in a minute by endpoint.
 * @returns keys such as `POST /api/v1/tasks/{}/cancel`: whatever a parameter is called, it is the same endpoint
 */
export function endpointLimitsOf(texts: readonly string[]): ReadonlyMap<string, number> {
  return new Map(
    texts.flatMap((text): [string, number][] => {
      const [, method = '', path = '', most] = LIMIT.exec(text) ?? [];
      return isEndpointLimit(text) ? [[nameOf(method, path), Number(most)]] : [];
    }),
  );
}

/** Spelled as the router matches: without regard to case and to a slash at the end. */
function nameOf(method: string, path: string): string {
  const plain = path.replace(PARAMETER, '{}').replace(/\/$/, '').toLowerCase();
  return `${method.toUpperCase()} ${plain}`;
}
