import { estimatedCompletion, type EpochMs, type Task } from '@task/domain';
import type { Clock } from '../ports/clock';
import type { TaskStore } from '../ports/task-store';
import type { ReadPace } from './read-pace';

/** When a task's turn comes. */
export interface Outlook {
  /** 1 for the next to be claimed, 0 when it cannot be claimed. */
  readonly placeInLine: number;
  /** When it is expected to be completed; null when nothing is known about that. */
  readonly expectedAt: EpochMs | null;
}

const ENDED: Outlook = { placeInLine: 0, expectedAt: null };

/** Foresees when a task's turn comes, from counters: as cheap in a long queue as in a short one. */
export class ForeseeTask {
  constructor(
    private readonly tasks: TaskStore,
    private readonly readPace: ReadPace,
    private readonly clock: Clock,
  ) {}

  /** @param aliveMs how long after its last sign of life a worker is alive */
  async execute(task: Task, aliveMs: number): Promise<Outlook> {
    const { id, status, state } = task;
    if (status !== 'waiting' && status !== 'working') return ENDED;
    const [placeInLine, pace] = await Promise.all([
      status === 'waiting' ? this.tasks.placeInLine(id) : 0,
      this.readPace.execute(state.taskType, aliveMs),
    ]);
    return { placeInLine, expectedAt: estimatedCompletion(state, placeInLine, pace, this.clock.now()) };
  }
}
