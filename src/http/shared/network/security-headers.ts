import helmet, { type HelmetOptions } from 'helmet';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

const YEAR_SECONDS = 31_536_000;

/** Answers are data: nothing in them is run, framed or loaded by a page. The documentation sets its own. */
const FOR_DATA: HelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  strictTransportSecurity: false,
  xFrameOptions: { action: 'deny' },
};

type Header = readonly [name: string, value: string];

const ALWAYS = headersOf(FOR_DATA);
const OVER_HTTPS = headersOf({
  ...FOR_DATA,
  // Of this host only: what else there is below its name is not ours.
  strictTransportSecurity: { maxAge: YEAR_SECONDS, includeSubDomains: false },
});

/** Helmet's headers, worked out once: helmet works them out at every answer, and they are the same. */
export function securityHeaders(isHttpsOnly: boolean): readonly Header[] {
  return isHttpsOnly ? OVER_HTTPS : ALWAYS;
}

/** Sets them on an answer. */
export function protect(response: ServerResponse, isHttpsOnly: boolean): void {
  for (const [name, value] of securityHeaders(isHttpsOnly)) response.setHeader(name, value);
}

/** What helmet sets on an answer, which goes nowhere. */
function headersOf(options: HelmetOptions): readonly Header[] {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  helmet(options)(request, response, () => undefined);
  return response.getHeaderNames().map((name) => [name, String(response.getHeader(name))]);
}
