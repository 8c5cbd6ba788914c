import type { AsyncCommand } from 'fast-check';
import { audit } from './audit';
import type { ModelKey } from './model-memory';
import type { ModelQueue, ModelRequest } from './model-queue';
import type { ModelTask } from './model-task';
import type { RealQueue } from './real-queue';

/** One thing that happens to the store and to the model; afterwards both must agree in everything. */
export abstract class QueueCommand implements AsyncCommand<ModelQueue, RealQueue, true> {
  /** Tasks that must be there before it makes sense. */
  protected readonly needs: number = 0;

  /** @param asked all that makes it up, as a failing run tells it */
  constructor(
    private readonly name: string,
    private readonly asked: object = {},
  ) {}

  async check({ tasks }: Readonly<ModelQueue>): Promise<boolean> {
    return tasks.length >= this.needs;
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

  /** Sends a request, lets the model do the same, and compares what both say. */
  protected async agree(model: ModelQueue, real: RealQueue, request: ModelRequest): Promise<void> {
    const { key, send, expected } = request;
    const now = await real.now();
    const answer = await real.run(key, send);
    const told = 'ok' in answer.outcome ? answer.outcome.ok : [];
    expect(answer).toEqual(model.memory.once(key, now, () => expected(now, told)));
  }
}

/** The task that a number stands for, if any of those that fit, otherwise of all; null where there is none. */
export function picked(
  { tasks }: ModelQueue,
  pick: number,
  fits: (task: ModelTask) => boolean,
): ModelTask | null {
  const fitting = tasks.filter(fits);
  const among = fitting.length > 0 ? fitting : tasks;
  return among[pick % among.length] ?? null;
}
