import type { AsyncCommand } from 'fast-check';
import { audit } from './audit';
import type { ModelKey } from './model-memory';
import type { ModelQueue } from './model-queue';
import type { ModelTask, Outcome } from './model-task';
import type { Answer, RealQueue } from './real-queue';

/** One thing that happens to the store and to the model; afterwards both must agree in everything. */
export abstract class QueueCommand implements AsyncCommand<ModelQueue, RealQueue, true> {
  /** @param asked all that makes it up, as a failing run tells it */
  constructor(
    private readonly name: string,
    private readonly asked: object = {},
  ) {}

  async check(_model: Readonly<ModelQueue>): Promise<boolean> {
    return true;
  }

  async run(model: ModelQueue, real: RealQueue): Promise<void> {
    await this.apply(model, real);
    await audit(model, real);
  }

  toString(): string {
    const text = JSON.stringify(this.asked);
    return text === '{}' ? this.name : `${this.name} ${text}`;
  }

  protected abstract apply(model: ModelQueue, real: RealQueue): Promise<void>;

  /** The key with the request that it stands for here. */
  protected keyed(key: string | null, isClaim: boolean, ...more: readonly unknown[]): ModelKey | null {
    return key === null ? null : { key, isClaim, request: `${String(this)} ${JSON.stringify(more)}` };
  }

  /** Lets the model do the same, and compares what both say. */
  protected agree(
    model: ModelQueue,
    answer: Answer,
    key: ModelKey | null,
    now: number,
    run: () => Outcome,
  ): void {
    const k = `${this['name']} ${'ok' in answer.outcome ? 'ok'+(answer.outcome.ok.length?'':' none') : answer.outcome.refused}${answer.isReplay ? ' replay' : ''}`; (globalThis as any).stats ??= {}; (globalThis as any).stats[k] = ((globalThis as any).stats[k] ?? 0) + 1;
    expect(answer).toEqual(model.memory.once(key, now, run));
  }
}

/** The task that a number stands for; a stranger's id while there is none. */
export function picked(model: ModelQueue, pick: number): { readonly id: string; readonly task?: ModelTask } {
  const task = model.tasks[pick % Math.max(1, model.tasks.length)];
  return task === undefined ? { id: '99999999-9999-4999-8999-999999999999' } : { id: task.id, task };
}
