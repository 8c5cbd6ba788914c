import { Task, type TaskState } from '@task/domain';
import { ACTOR, draft, taskIn, terms } from '../../../../test/support/builders';
import { CountedIds, uuid } from '../../../../test/support/counted-ids';
import type { ClaimCommand, Command, InsertCommand, UpdateCommand } from './commands';
import { GroupExecutor } from './group-executor';
import type { StoredTask } from './stored-task';
import type { Tables } from './tables';

/** A waiting task in its place, whose id is made from that. */
export function storedAs(seq: number, state: Partial<TaskState> = {}): StoredTask {
  return {
    seq,
    groupId: 1,
    keyId: null,
    task: new Task({ ...taskIn('waiting').state, id: uuid(seq), ...state }),
  };
}

/** Commands of one test, which share no id and no token. */
export class GroupCommands {
  private readonly ids = new CountedIds();

  readonly create = (count = 1): InsertCommand => ({
    kind: 'insert',
    dependsOn: [],
    count,
    decide: (now) => Array.from({ length: count }, () => Task.create(draft(), this.ids.taskId(), ACTOR, now)),
  });
  readonly claim = (limit = 1, filter = {}): ClaimCommand => ({
    kind: 'claim',
    filter,
    limit,
    decide: (task, now) => task.claim(terms({ token: this.ids.leaseToken() }), ACTOR, now),
  });
}

/** Gives up a task, whoever has it. */
export function cancel(id: string): UpdateCommand {
  return { kind: 'update', id, decide: (task, now) => task.cancel(null, true, ACTOR, now) };
}

/** Runs the commands as one group. */
export function run(tables: Tables, commands: readonly Command[]): ReturnType<GroupExecutor['run']> {
  return new GroupExecutor(tables).run(commands);
}
