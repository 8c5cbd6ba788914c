import type { StoreFault, StoreUnavailable } from '../ports/store-unavailable';

/** The parts of a service that have to go on by themselves. */
export const VITAL_PARTS = ['lane', 'sweep', 'schedules', 'claims', 'events'] as const;
/** One of {@link VITAL_PARTS}. */
export type VitalPart = (typeof VITAL_PARTS)[number];

/** What shows that a part goes on. */
export interface Pulse {
  /** How long it is behind with what it should have done by now, ms; 0 when it has nothing to do. */
  readonly behindMs: number;
  /** How long its last turn took, ms; null before the first. */
  readonly lastTurnMs: number | null;
  /** What keeps it from doing its work, for parts that can tell; null while nothing does. */
  readonly trouble?: StoreUnavailable | null;
}

/** How a part goes on. */
export interface PulseReading extends Pick<Pulse, 'behindMs' | 'lastTurnMs'> {
  readonly part: VitalPart;
  readonly hasStopped: boolean;
  readonly trouble: StoreFault | null;
}

/** Further behind than this, a part has stopped: the slowest turn that is well takes less. */
export const STOPPED_AFTER_MS = 10_000;

/** Watches the parts of one service that have to go on by themselves. Source: behaviour.md 6. */
export class Pulses {
  private readonly watched = new Map<VitalPart, Pulse>();

  /** Watches a part from now on. */
  watch(part: VitalPart, pulse: Pulse): void {
    this.watched.set(part, pulse);
  }

  /** Looks at every part that is watched. */
  readings(): readonly PulseReading[] {
    return VITAL_PARTS.flatMap((part) => {
      const pulse = this.watched.get(part);
      if (pulse === undefined) return [];
      const { behindMs, lastTurnMs } = pulse;
      const trouble = pulse.trouble?.fault ?? null;
      return [{ part, behindMs, lastTurnMs, hasStopped: behindMs > STOPPED_AFTER_MS, trouble }];
    });
  }
}
