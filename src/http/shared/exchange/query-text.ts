import { Refusal } from '../failures/refusal';

/** A query as it was sent: a parameter that was given several times has several texts. */
export type Query = ReadonlyMap<string, readonly string[]>;

/** Reads the query of a URL. Percent-encoding that is no UTF-8 is refused, where `node:querystring` replaces it. */
export function parseQuery(text: string | null): Query {
  const query = new Map<string, string[]>();
  for (const pair of (text ?? '').split('&')) {
    if (pair === '') continue;
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
    const key = decoded(name, 'query');
    const texts = query.get(key) ?? [];
    texts.push(decoded(value, key));
    query.set(key, texts);
  }
  return query;
}

function decoded(text: string, field: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw Refusal.ofQuery([{ field, reason: 'malformed_text', constraints: { encoding: 'UTF-8' } }]);
  }
}
