import type { ConcurrencyKey } from '@task/application';
import type { ConcurrencyKeyView } from './concurrency-key.views';

/** A concurrency key as it is told. */
export function concurrencyKeyView({ key, limit, working, ready, held }: ConcurrencyKey): ConcurrencyKeyView {
  return { key, limit, working, ready, held };
}
