import { ExplainClaims, type ClaimOutlook } from '@task/application';
import { permits } from '@task/domain';
import type { Asked } from '../tool/asked';
import { answer, type Answer } from '../tool/answer';
import { READS, type Tool } from '../tool/tool';
import { iso } from '../views/task-views';
import { CLAIMABLE, COUNT, TEXT, type Claimable } from './common-arguments';

/** How the queue stands, and why a claim finds nothing. */
export class QueueStatusTool implements Tool<Claimable> {
  readonly name = 'queue_status';
  readonly title = 'Queue status';
  readonly about =
    'Counts tasks by status and says whether task_claim with the same filters would find one, and if not, why.';
  readonly needs = 'reader';
  readonly hints = READS;
  readonly takes = CLAIMABLE;
  readonly gives = { waiting: COUNT, working: COUNT, can_claim: { type: 'boolean' }, why: TEXT };

  constructor(private readonly explainClaims: ExplainClaims) {}

  async run(given: Claimable, { caller }: Asked): Promise<Answer> {
    const { work_path: workPath, recursive, task_types: taskTypes, kb_id: kbId } = given;
    const { counts, outlook } = await this.explainClaims.execute({ workPath, recursive, taskTypes, kbId });
    const mayClaim = permits(caller, 'worker');
    return answer({
      ...counts,
      can_claim: mayClaim && mayFind(outlook),
      why: mayClaim ? reasonOf(outlook) : 'Your key lacks the role worker.',
      ...(outlook.kind === 'not_due' && { next_due_at: iso(outlook.dueAt) }),
      ...(outlook.kind === 'blocked' && {
        blocked_by: { dependencies: outlook.dependents, concurrency_keys: outlook.concurrencyKeys },
      }),
      ...(outlook.kind === 'none_match' && { waiting_elsewhere: outlook.elsewhere.map(placeOf) }),
    });
  }
}

function placeOf(place: { workDirectory: string | null; taskType: string; kbId: string | null }): object {
  const { workDirectory: work_directory, taskType: task_type, kbId } = place;
  return { work_directory, task_type, ...(kbId !== null && { kb_id: kbId }) };
}

function mayFind(outlook: ClaimOutlook): boolean {
  return outlook.kind === 'claimable' || (outlook.kind === 'unknown' && outlook.mayClaim);
}

function reasonOf(outlook: ClaimOutlook): string {
  switch (outlook.kind) {
    case 'claimable':
      return 'A task is ready: call task_claim.';
    case 'empty':
      return 'No task waits. Wait with task_claim, or file one with task_create.';
    case 'unknown':
      return outlook.mayClaim
        ? 'Some are due, perhaps one that matches: call task_claim to see.'
        : 'None that matches is ready; too many wait to look at each.';
    case 'not_due':
      return 'Tasks that match are scheduled for later; the first is due at next_due_at.';
    case 'blocked':
      return 'Tasks that match wait for others to be completed, or for a slot of their concurrency_key: see blocked_by.';
    case 'none_match':
      return 'Tasks wait, but none matches these filters: see waiting_elsewhere, or use recursive.';
  }
}
