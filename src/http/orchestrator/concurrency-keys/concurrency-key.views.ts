import { TASK_RULES } from '@task/domain';
import { COUNT, Shows, ShowsParts } from '../../shared/docs/shows';
import { CursorPage } from '../views/cursor-page.view';

/** A concurrency key: what it allows, and where its tasks stand. */
export class ConcurrencyKeyView {
  @Shows(TASK_RULES.concurrencyKey, { description: 'Its name, as tasks give it in `concurrency_key`' })
  declare readonly key: string;
  @Shows(TASK_RULES.keyLimit, { description: 'How many of its tasks may be worked on at once' })
  declare readonly limit: number;
  @Shows(COUNT, {
    description:
      'Slots that are taken: by tasks that are worked on, and by cancelled ones until their worker knows it',
  })
  declare readonly working: number;
  @Shows(COUNT, { description: 'Tasks that can be claimed now' })
  declare readonly ready: number;
  @Shows(COUNT, { description: 'Tasks that wait for a slot' })
  declare readonly held: number;
}

/** A page of concurrency keys. */
export class ConcurrencyKeyList {
  @ShowsParts([ConcurrencyKeyView], { description: 'The keys, in the order of their names' })
  declare readonly keys: readonly ConcurrencyKeyView[];
  @ShowsParts(CursorPage, { description: 'Which page this is' })
  declare readonly pagination: CursorPage;
}
