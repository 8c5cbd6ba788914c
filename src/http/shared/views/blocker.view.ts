import { TASK_RULES } from '@task/domain';
import { COUNT, Shows, TIME } from '../docs/shows';

/** Something that stands between a waiting task and a claim. */
export class BlockerView {
  @Shows(
    { type: 'string', enum: ['not_due', 'dependencies', 'concurrency_key'] },
    { description: 'What it is' },
  )
  declare readonly kind: 'not_due' | 'dependencies' | 'concurrency_key';
  @Shows(TIME, { description: 'When it can be claimed; of what is not due', optional: true })
  declare readonly available_at?: string;
  @Shows(COUNT, { description: 'Dependencies that are not completed; of those', optional: true })
  declare readonly pending?: number;
  @Shows(TASK_RULES.concurrencyKey, { description: 'The key without a free slot; of that', optional: true })
  declare readonly concurrency_key?: string;
}
