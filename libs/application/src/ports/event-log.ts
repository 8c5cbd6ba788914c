import type { TaskStatus } from '@task/domain';
import type { HistoryEntry } from './task-store';

/** Which events a reader wants; empty wants all. */
export interface EventFilter {
  readonly taskId?: string;
  readonly commands?: readonly HistoryEntry['command'][];
  /** The status after it. */
  readonly statuses?: readonly TaskStatus[];
  /** A normalised directory, and whether those below it count. */
  readonly directory?: { readonly path: string; readonly recursive: boolean };
}

/** Events found, and how far the log was read to find them. */
export interface EventPage {
  readonly events: readonly HistoryEntry[];
  /** Everything up to here was looked at; continue behind it. */
  readonly readTo: number;
  /** Whether the log goes on behind `readTo`. */
  readonly hasMore: boolean;
}

/** The log of everything that happened, in commit order, without gaps. */
export abstract class EventLog {
  /**
   * Events behind `after`. Those of archived tasks are told to who asks for one task, and to nobody else.
   * @param limit how many are looked at, 1–1000
   */
  abstract read(after: number, limit: number, filter: EventFilter): Promise<EventPage>;

  /**
   * The event from which on the log is whole, 0 when nothing is left of it, and the last one that happened, 0 when
   * nothing has. Before it some are missing, those of archived tasks; where it begins only ever rises.
   */
  abstract bounds(): Promise<{ readonly oldest: number; readonly newest: number }>;
}
