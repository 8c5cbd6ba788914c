import type { RequestListener } from 'node:http';
import type { Api } from './api-server';

/** Scheme and host of a request that was written for a proxy: `GET http://tasks.example/health`. */
const AUTHORITY = /^[a-z][a-z0-9+.-]*:\/\/[^/?]*/i;

/** The same application, as if every path that is asked for stood behind another one. What stands there already stays. */
export function behindPath(path: string, { handle, answerBroken, ...api }: Api): Api {
  const behind: RequestListener = (request, response) => {
    request.url = urlBehind(path, request.url ?? '/');
    handle(request, response);
  };
  return {
    ...api,
    handle: behind,
    ...(answerBroken !== undefined && { answerBroken: (error) => answerBroken(error, path) }),
  };
}

function urlBehind(path: string, url: string): string {
  const asked = url.replace(AUTHORITY, '');
  const rest = asked.slice(path.length);
  const isBehind = asked.toLowerCase().startsWith(path) && /^(?:[/?]|$)/.test(rest);
  return isBehind ? asked : path + (asked.startsWith('/') ? '' : '/') + asked;
}
