import {
  JsonDocument,
  type Decision,
  type ErrorCode,
  type Task,
  type TaskCommand,
  type TaskStatus,
} from '@task/domain';
import { ACTOR, failure, NOW, RETRY, terms } from './builders';

/** When the commands are given. */
export const LATER = NOW + 5_000;
/** What a completed task leaves. */
export const RESULT = JsonDocument.of({ ok: true });

/** What anybody may ask of a task that is there. */
export type Command = Exclude<TaskCommand, 'create'> | 'renew';

/** Each command as somebody without any proof gives it; a cancellation is forced. */
export const COMMANDS: Readonly<Record<Command, (task: Task) => Decision>> = {
  claim: (task) => task.claim(terms({ token: 'token-2' }), ACTOR, LATER),
  complete: (task) => task.complete(RESULT, {}, ACTOR, LATER),
  fail: (task) => task.fail(failure(), {}, RETRY, ACTOR, LATER),
  release: (task) => task.release('wrong machine', {}, ACTOR, LATER),
  cancel: (task) => task.cancel('not needed', true, ACTOR, LATER),
  expire: (task) => task.expire(LATER),
  time_out: (task) => task.timeOut(RETRY, LATER),
  retry: (task) => task.retry(ACTOR, LATER),
  renew: (task) => task.renew({}, {}, LATER),
};

/** The status that a command leads to, or the code of its refusal. */
export type Outcome = TaskStatus | ErrorCode;

/** What comes of a decision. */
export function outcomeOf(decide: () => Decision): Outcome {
  try {
    return decide().task.status;
  } catch (error) {
    return (error as { code: ErrorCode }).code;
  }
}
