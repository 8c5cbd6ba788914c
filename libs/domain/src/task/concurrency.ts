/** How many tasks of one concurrency key stand where. */
export interface KeyLoad {
  /** How many may be worked on at once. */
  readonly limit: number;
  /** Slots that are taken: tasks that are worked on, and cancelled ones whose worker may not know it yet. */
  readonly working: number;
  /** Tasks that a claim may take. */
  readonly ready: number;
  /** Tasks that wait for a slot. */
  readonly held: number;
}

/** The limit of a key that nobody has given one. */
export const DEFAULT_KEY_LIMIT = 1;

/** How many tasks of a key are to be admitted, most urgent first, or held back, least urgent first. */
export interface KeyMoves {
  readonly admit: number;
  readonly holdBack: number;
}

/**
 * What brings a key to where it has to be: as many tasks ready as there are free slots, never more. Since a claim takes
 * ready tasks only, the limit holds whatever is claimed when.
 */
export function movesOf({ limit, working, ready, held }: KeyLoad): KeyMoves {
  const free = limit - working - ready;
  return free >= 0
    ? { admit: Math.min(free, held), holdBack: 0 }
    : { admit: 0, holdBack: Math.min(-free, ready) };
}
