import type { CallToolResult } from '@modelcontextprotocol/server';
import type { Answer } from './answer';
import { fitted } from './fit';

/** Bytes of a result around its value: its own fields, and a link. */
const ENVELOPE_BYTES = 400;
/** Says on a result that nothing was done again. */
const REPLAYED = { idempotency_replayed: true };

/** The result of a call: structured, and the same JSON as text; what does not fit is cut, with a link to the whole. */
export function presentAnswer({ value, taskId, isError }: Answer, isReplay: boolean): CallToolResult {
  const present = Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null));
  const shown = fitted(present, ENVELOPE_BYTES) as Record<string, unknown>;
  const isCut = shown !== present;
  const link =
    isCut && taskId !== undefined
      ? [{ type: 'resource_link' as const, uri: `task://${taskId}`, name: 'the whole task' }]
      : [];
  return {
    content: [{ type: 'text', text: JSON.stringify(shown) }, ...link],
    structuredContent: shown,
    ...(isError === true && { isError }),
    ...(isReplay && { _meta: REPLAYED }),
  };
}
