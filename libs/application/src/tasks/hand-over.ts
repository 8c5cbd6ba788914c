import type { Task } from '@task/domain';
import type { Call } from '../call';
import type { TaskStore } from '../ports/task-store';
import { giveBack, isAbandoned } from './give-back';
import { HANDED_ON_BYTES, type HandedOn, type HandOnResults } from './hand-on-results';

/** What a worker gets: the tasks, and what those have brought that they depended on. */
export interface HandedOver {
  /** Empty for a caller who has hung up meanwhile. */
  readonly tasks: readonly Task[];
  readonly handedOn: HandedOn;
}

/**
 * The last step of a claim: reads what the tasks are handed over with. Who has hung up until then has claimed nothing,
 * and neither has who cannot be told, unless an idempotency key lets that caller come back for the tasks.
 */
export class HandOver {
  constructor(
    private readonly tasks: TaskStore,
    private readonly handOnResults: HandOnResults,
  ) {}

  /**
   * @param mostBytes what the results for one task may come to
   * @throws StoreUnavailable
   */
  async execute(claimed: readonly Task[], call: Call, mostBytes = HANDED_ON_BYTES): Promise<HandedOver> {
    try {
      const handedOn = await this.handOnResults.execute(claimed, mostBytes);
      if (!isAbandoned(call)) return { tasks: claimed, handedOn };
    } catch (error) {
      // A store that cannot be read may not be written to either: then the leases run out.
      if (call.idempotency === undefined)
        await giveBack(this.tasks, claimed, call.actor).catch(() => undefined);
      throw error;
    }
    await giveBack(this.tasks, claimed, call.actor);
    return { tasks: [], handedOn: new Map() };
  }
}
