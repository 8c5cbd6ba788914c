import type { Task } from '@task/domain';
import { PORT_READING, type Asked, type Recorder } from './recorder';
import { proofOf, type TestQueue } from './test-queue';

/** A queue whose operations are written down. */
export class RecordedQueue {
  constructor(
    private readonly queue: TestQueue,
    private readonly recorder: Recorder,
  ) {}

  create(priority = 5): Promise<Task> {
    return this.record({ kind: 'create' }, () => this.queue.create({ priority }));
  }

  claim(): Promise<Task | null> {
    return this.recorder.record({ kind: 'claim' }, () => this.queue.claim(), PORT_READING);
  }

  complete(task: Task): Promise<Task> {
    return this.record(heldBy('complete', task), () => this.queue.complete(task));
  }

  fail(task: Task): Promise<Task> {
    return this.record(heldBy('fail', task), () => this.queue.fail(task));
  }

  release(task: Task): Promise<Task> {
    return this.record(heldBy('release', task), () => this.queue.release(task));
  }

  cancel(task: Task): Promise<Task> {
    return this.record({ kind: 'cancel', taskId: task.id }, () => this.queue.cancel(task));
  }

  retry(task: Task): Promise<Task> {
    return this.record({ kind: 'retry', taskId: task.id }, () => this.queue.retry(task));
  }

  private record(asked: Asked, run: () => Promise<Task>): Promise<Task> {
    return this.recorder.record(asked, run, PORT_READING);
  }
}

function heldBy(kind: Asked['kind'], task: Task): Asked {
  return { kind, taskId: task.id, token: proofOf(task).leaseToken };
}
