import { flag, listOf, printable, TASK_RULES, wholeNumber, type Proof } from '@task/domain';
import { IDEMPOTENCY_KEY } from '../../http/shared/exchange/idempotency';
import type { Arguments } from '../tool/argument';
import type { AnswerFields } from '../tool/tool';

/** Text of an answer. */
export const TEXT = { type: 'string' } as const;
/** A whole number of an answer. */
export const COUNT = { type: 'integer' } as const;
/** What every answer about a task says. */
export const STANDING: AnswerFields = { task_id: TEXT, status: TEXT };

/** Which task. */
export const ONE_TASK: Arguments = { task_id: { rule: printable({ min: 1, max: 100 }), required: true } };

/** What makes a call safe to repeat. */
export const REPEATABLE: Arguments = {
  idempotency_key: { rule: IDEMPOTENCY_KEY, about: 'Repeat with the same key: done once' },
};

/** Which task, and the proof that it is held. */
export const HELD_TASK: Arguments = {
  ...ONE_TASK,
  lease_token: { rule: TASK_RULES.leaseToken, required: true },
};

/** Which tasks a worker takes. */
export const CLAIMABLE: Arguments = {
  work_path: { rule: TASK_RULES.workDirectory, about: 'Absolute work directory; omit for any' },
  recursive: { rule: flag(), about: 'Directories below too' },
  task_types: { rule: listOf(TASK_RULES.taskType, { max: 32 }) },
  kb_id: { rule: TASK_RULES.kbId },
};

/** How long to wait. */
export const WAIT: Arguments = {
  wait: { rule: wholeNumber({ min: 0, max: 25 }), about: 'Seconds to wait' },
};

/** A task, as a call names it. */
export interface OneTask {
  readonly task_id: string;
}

/** A task and its holder's token, as a call names them. */
export interface HeldTask extends OneTask {
  readonly lease_token: string;
}

/** Which tasks, as a call names them. */
export interface Claimable {
  readonly work_path?: string;
  readonly recursive?: boolean;
  readonly task_types?: readonly string[];
  readonly kb_id?: string;
}

/** What a holder shows. */
export function proofOf({ lease_token: leaseToken }: HeldTask): Proof {
  return { leaseToken };
}
