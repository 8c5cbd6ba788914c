import type { TaskCommand, TaskStatus } from '@task/domain';

/** One move of the state machine. */
export interface Move {
  readonly from: TaskStatus;
  readonly command: TaskCommand;
  readonly to: TaskStatus;
}

/** The table of behaviour.md 2, written a second time, so that what is tested is not its own judge. */
export const MOVES: readonly Move[] = [
  { from: 'waiting', command: 'claim', to: 'working' },
  { from: 'waiting', command: 'cancel', to: 'cancelled' },
  { from: 'working', command: 'complete', to: 'completed' },
  { from: 'working', command: 'fail', to: 'failed' },
  { from: 'working', command: 'fail', to: 'waiting' },
  { from: 'working', command: 'cancel', to: 'cancelled' },
  { from: 'working', command: 'release', to: 'waiting' },
  { from: 'working', command: 'expire', to: 'waiting' },
  { from: 'working', command: 'expire', to: 'failed' },
  { from: 'working', command: 'time_out', to: 'failed' },
  { from: 'working', command: 'time_out', to: 'waiting' },
  { from: 'failed', command: 'retry', to: 'waiting' },
  { from: 'failed', command: 'cancel', to: 'cancelled' },
];
