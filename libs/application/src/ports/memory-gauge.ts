/** What a process can run out of: the heap of its language, and what the container that it runs in may use. */
export const MEMORY_BOUNDS = ['heap', 'container'] as const;
/** One of {@link MEMORY_BOUNDS}. */
export type MemoryBound = (typeof MEMORY_BOUNDS)[number];

/** How much of one bound is used. */
export interface MemoryReading {
  readonly of: MemoryBound;
  /** What cannot be had back without giving something up: caches of files do not count. */
  readonly usedBytes: number;
  readonly limitBytes: number;
}

/** Tells how full memory is, and frees it; a port so that tests can fill it. */
export abstract class MemoryGauge {
  /** The bounds that there are, each once; cheap enough for a few times a second. */
  abstract read(): readonly MemoryReading[];

  /** Gives up what nobody needs any more. The process stands still meanwhile: at most now and then. */
  abstract reclaim(): void;
}
