import type { Request } from 'express';

/** The pattern of a request's route, not its path: a path can hold anything. Undefined where none was found. */
export function routeOf({ route }: Request): string | undefined {
  const matched: unknown = route;
  if (typeof matched !== 'object' || matched === null || !('path' in matched)) return undefined;
  return typeof matched.path === 'string' ? matched.path : undefined;
}
