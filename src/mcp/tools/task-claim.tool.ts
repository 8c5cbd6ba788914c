import { ClaimNextTask, HandOver, ReleaseTask } from '@task/application';
import { TASK_RULES, type Task } from '@task/domain';
import { WaitingTime } from '../../http/shared/exchange/waiting-time';
import type { Asked } from '../tool/asked';
import { about, answer, type Answer } from '../tool/answer';
import { ADDS, type Tool } from '../tool/tool';
import { dependenciesView } from '../views/dependency-views';
import { claimedTask } from '../views/task-views';
import { CLAIMABLE, REPEATABLE, STANDING, TEXT, WAIT, type Claimable } from './common-arguments';

interface Given extends Claimable {
  readonly worker_id?: string;
  readonly lease_seconds?: number;
  readonly wait?: number;
}

/** Bytes of JSON that the results of dependencies come to at most: prompt and payload need room too. */
const HANDED_ON_BYTES = 4_096;

const NOTHING = {
  claimed: false,
  next: 'Nothing to claim. Call again with wait, or queue_status with the same filters to see why.',
};

/** A worker takes the next task. */
export class TaskClaimTool implements Tool<Given> {
  readonly name = 'task_claim';
  readonly title = 'Claim a task';
  readonly about =
    'Takes the most urgent task to work on. Keep its lease_token: send task_heartbeat before lease_expires_at, then ' +
    'task_complete, task_fail or task_release.';
  readonly needs = 'worker';
  readonly hints = ADDS;
  readonly takes = {
    ...CLAIMABLE,
    worker_id: { rule: TASK_RULES.workerId, about: 'Your name' },
    lease_seconds: { rule: TASK_RULES.leaseSeconds },
    ...WAIT,
    ...REPEATABLE,
  };
  readonly gives = {
    claimed: { type: 'boolean' },
    task_id: STANDING.task_id ?? {},
    lease_token: TEXT,
    prompt: TEXT,
    work_directory: TEXT,
    lease_expires_at: TEXT,
  };

  constructor(
    private readonly claimNextTask: ClaimNextTask,
    private readonly releaseTask: ReleaseTask,
    private readonly waitingTime: WaitingTime,
    private readonly handOver: HandOver,
  ) {}

  async run(given: Given, asked: Asked): Promise<Answer> {
    const { work_path: workPath, recursive, task_types: taskTypes, kb_id: kbId, worker_id: workerId } = given;
    const waitSeconds = this.waitingTime.secondsOf(given.wait);
    const terms = { workerId, leaseSeconds: given.lease_seconds, waitSeconds };
    const call = asked.call(this.name, given);
    const next = await this.claimNextTask.execute({ workPath, recursive, taskTypes, kbId, ...terms }, call);
    if (next === null) return answer(NOTHING);
    const { tasks, handedOn } = await this.handOver.execute([next], call, HANDED_ON_BYTES);
    const [task] = tasks;
    if (task === undefined) return answer(NOTHING);
    if (asked.signal.aborted && asked.hasOnlyTransportKey(given)) await this.giveBack(task, asked);
    return about(task.id, { ...claimedTask(task), ...dependenciesView(handedOn.get(task.id)) });
  }

  /** A client that cancelled its claim does not know the key that its transport made up: it cannot come back. */
  private async giveBack({ id, state }: Task, { caller }: Asked): Promise<void> {
    const stillWanted = { aborted: false };
    await this.releaseTask.execute(
      {
        taskId: id,
        reason: 'the caller hung up before the answer',
        proof: { leaseToken: state.lease?.token },
      },
      { actor: caller.name, signal: stillWanted },
    );
  }
}
