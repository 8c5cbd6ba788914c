import type { Rule } from '@task/domain';

const WHOLE_NUMBER = /^-?(?:0|[1-9]\d*)$/;
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/**
 * The value that the text of a query parameter stands for, by the type that its rule takes. Text that is no such value
 * stays text, which the rule then refuses.
 */
export function valueOf(text: string, { schema: { type } }: Rule): unknown {
  if (type === 'integer') return WHOLE_NUMBER.test(text) ? Number(text) : text;
  if (type === 'number') return NUMBER.test(text) ? Number(text) : text;
  if (type !== 'boolean') return text;
  return text === 'true' ? true : text === 'false' ? false : text;
}
