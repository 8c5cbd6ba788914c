/** The least urgent priority. */
export const LOWEST_PRIORITY = 1;
/** The most urgent priority: claimed first. */
export const HIGHEST_PRIORITY = 10;

/** The three names that most callers use for the ten priorities. */
export const PRIORITY_BANDS = ['low', 'medium', 'high'] as const;

/** One of {@link PRIORITY_BANDS}. */
export type PriorityBand = (typeof PRIORITY_BANDS)[number];

const BANDS: Readonly<Record<PriorityBand, { from: number; to: number; written: number }>> = {
  low: { from: 1, to: 3, written: 2 },
  medium: { from: 4, to: 6, written: 5 },
  high: { from: 7, to: 10, written: 8 },
};

/** The priority, 1–10, that a caller means by a name. Source: behaviour.md 1. */
export function priorityOf(band: PriorityBand): number {
  return BANDS[band].written;
}

/** The name under which a priority of 1–10 is read. */
export function bandOf(priority: number): PriorityBand {
  if (priority <= BANDS.low.to) return 'low';
  return priority <= BANDS.medium.to ? 'medium' : 'high';
}

/** The priorities that a name covers, both ends included. */
export function prioritiesOf(band: PriorityBand): { from: number; to: number } {
  const { from, to } = BANDS[band];
  return { from, to };
}

/** The four names of callers who tell the most urgent tasks from those that are merely high. */
export const PRIORITY_LEVELS = ['low', 'normal', 'high', 'critical'] as const;

/** One of {@link PRIORITY_LEVELS}. */
export type PriorityLevel = (typeof PRIORITY_LEVELS)[number];

const LEVELS: Readonly<Record<PriorityLevel, { from: number; to: number; written: number }>> = {
  low: BANDS.low,
  normal: BANDS.medium,
  high: { ...BANDS.high, to: HIGHEST_PRIORITY - 1 },
  critical: { from: HIGHEST_PRIORITY, to: HIGHEST_PRIORITY, written: HIGHEST_PRIORITY },
};

/** The priority, 1–10, that a caller means by one of four names. Source: behaviour.md 1. */
export function priorityOfLevel(level: PriorityLevel): number {
  return LEVELS[level].written;
}

/** Which of four names a priority of 1–10 is read under. */
export function levelOf(priority: number): PriorityLevel {
  return PRIORITY_LEVELS.find((level) => priority <= LEVELS[level].to) ?? 'critical';
}

/** The priorities that one of four names covers, both ends included. */
export function prioritiesOfLevel(level: PriorityLevel): { from: number; to: number } {
  const { from, to } = LEVELS[level];
  return { from, to };
}
