import { ExecutorFull, type Task } from '@task/domain';
import type { Call } from '../call';
import type { Executor } from '../ports/executor';
import type { TaskStore } from '../ports/task-store';
import type { CreateTask } from './create-task';
import type { CreateTaskInput } from './create-tasks';

const COUNT_ONLY = { sort: { by: 'created_at', order: 'asc' }, limit: 1, offset: 0, after: null } as const;

/**
 * Files a task for the service itself to run, unless more wait for it than it may promise to run. A task of a type
 * that it does not run is filed like any other, for workers outside. Counted from counters: cheap at any size.
 * Source: behaviour.md 8.
 */
export class CreateTaskToRun {
  private filing = 0;

  constructor(
    private readonly tasks: TaskStore,
    private readonly createTask: CreateTask,
    private readonly executor: Executor,
  ) {}

  /** @throws ExecutorFull, and what CreateTask throws */
  async execute(input: CreateTaskInput & { readonly taskType: string }, call: Call): Promise<Task> {
    if (!this.executor.taskTypes.includes(input.taskType)) return this.createTask.execute(input, call);
    this.filing += 1;
    const place = this.filing;
    try {
      const { maxWaiting } = this.executor;
      const isFull = (await this.waiting()) + place > maxWaiting;
      return await this.createTask.execute(
        input,
        call,
        isFull ? { refusal: new ExecutorFull(maxWaiting) } : {},
      );
    } finally {
      this.filing -= 1;
    }
  }

  private async waiting(): Promise<number> {
    const pages = await Promise.all(
      this.executor.taskTypes.map((taskType) =>
        this.tasks.list({ ...COUNT_ONLY, filter: { status: 'waiting', taskType } }),
      ),
    );
    return pages.reduce((sum, { total }) => sum + total, 0);
  }
}
