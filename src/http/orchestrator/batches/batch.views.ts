import { TASK_RULES, type TaskStatus } from '@task/domain';
import { COUNT, FLAG, Shows, ShowsParts, TEXT } from '../../shared/docs/shows';
import { ClaimedTask, CreatedTask } from '../views/outcome.views';

/** New tasks. */
export class CreatedTasks {
  @ShowsParts([CreatedTask], { description: 'The tasks, in the order of the request' })
  declare readonly tasks: readonly CreatedTask[];
  @Shows(COUNT, { description: 'How many they are' })
  declare readonly count: number;
}

/** Tasks that were handed to a worker. */
export class ClaimedTasks {
  @ShowsParts([ClaimedTask], { description: 'The tasks, most urgent first, each with a lease of its own' })
  declare readonly tasks: readonly ClaimedTask[];
}

/** Why one of several was refused: the same as for a request about it alone. */
export class PartError {
  @Shows(TEXT, { description: 'Never changes' })
  declare readonly code: string;
  @Shows(TEXT, { description: "In the caller's language" })
  declare readonly message: string;
  @Shows({}, { description: 'A list of fields for VALIDATION_ERROR, otherwise an object' })
  declare readonly details: unknown;
}

/** What became of one attempt. */
export class FinishedTask {
  @Shows(TEXT, { description: 'The task, as it was named' })
  declare readonly task_id: string;
  @Shows(FLAG, { description: 'Whether it was ended' })
  declare readonly ok: boolean;
  @Shows(TASK_RULES.status, { description: 'Where it is now; only when it was ended', optional: true })
  declare readonly status?: TaskStatus;
  @ShowsParts(PartError, { description: 'Why not; only when it was not ended', optional: true })
  declare readonly error?: PartError;
}

/** What became of several attempts. */
export class FinishedTasks {
  @ShowsParts([FinishedTask], { description: 'One for each completion, in the order of the request' })
  declare readonly results: readonly FinishedTask[];
}
