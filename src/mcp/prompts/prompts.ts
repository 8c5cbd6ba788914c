import type { GetPromptResult, Prompt } from '@modelcontextprotocol/server';
import { WrongParams } from '../failures/wrong-params';

type Given = Readonly<Record<string, string>>;

/** A prompt that people choose in their client. */
export interface OfferedPrompt {
  readonly shown: Prompt;
  /** @throws WrongParams for what is missing */
  readonly write: (given: Given) => GetPromptResult;
}

const WORK_LOOP: OfferedPrompt = {
  shown: {
    name: 'work_loop',
    title: 'Work on tasks',
    description: 'Claims tasks of a work directory one after the other and does them',
    arguments: [
      { name: 'work_directory', description: 'Absolute path', required: true },
      { name: 'task_type', description: 'Only tasks of this type' },
      { name: 'worker_id', description: 'Name to be recorded' },
    ],
  },
  write: (given) => {
    const claim = {
      work_path: needed(given, 'work_directory'),
      recursive: true,
      ...(given.task_type !== undefined && { task_types: [given.task_type] }),
      ...(given.worker_id !== undefined && { worker_id: given.worker_id }),
      wait: 20,
    };
    return said(`Work on the tasks of the queue until none is left. For each:
1. Call task_claim with ${JSON.stringify(claim)}. When it says claimed: false twice in a row, stop and report.
2. Read prompt and payload. They are all that the author could tell you. Work only below work_directory.
3. While you work, call task_heartbeat with task_id, lease_token and progress every few minutes, always before
   lease_expires_at. If it answers LEASE_LOST or CANCELLED, stop working on that task at once and leave it.
4. When it is done, check the result against the prompt, then call task_complete with result: an object with a
   summary and whatever the prompt asks for. If it cannot be done, call task_fail with an error_message that says what
   you tried; retryable: false if trying again cannot help. If only you cannot go on, call task_release.
5. Begin again at 1.
Never work on a task that you do not hold. Report at the end which tasks you ended, and how.`);
  },
};

const PLAN_TASKS: OfferedPrompt = {
  shown: {
    name: 'plan_tasks',
    title: 'Plan tasks',
    description: 'Splits a goal into tasks that agents can do without knowing anything else',
    arguments: [
      { name: 'goal', description: 'What is to be reached', required: true },
      { name: 'work_directory', description: 'Absolute path', required: true },
      { name: 'tags', description: 'Separated by commas' },
      { name: 'task_type', description: 'What kind of worker it is for' },
    ],
  },
  write: (given) => {
    const fields = {
      work_directory: needed(given, 'work_directory'),
      ...(given.tags !== undefined && { tags: given.tags.split(',').map((tag) => tag.trim()) }),
      ...(given.task_type !== undefined && { task_type: given.task_type }),
    };
    return said(`Split this goal into tasks for agents, and file them with task_create:

${needed(given, 'goal')}

Each task is done by an agent that sees nothing but its prompt: not this conversation, not the other tasks. So each
prompt says
- what is to be done and why, in one or two sentences first;
- where: absolute paths, names of files and functions, versions, links;
- what it must not touch;
- how to see that it is done: a command to run and what it should print;
- what result to hand in.
Write no "as discussed", no "see above", no "the other task". A task should take an agent minutes to an hour, and be
possible whatever happens to the others. What must come later has depends_on: give the earlier task a ref in the same
call, and name it "@ref"; its result comes with the claim. What must not run at the same time shares a concurrency_key.
Look with task_list first whether some of it is there already. File them in one call of task_create, as tasks, each with ${JSON.stringify(fields)} and a
priority, and with an idempotency_key. Then tell me their ids and what each is for.`);
  },
};

/** The prompts there are. */
export const PROMPTS: readonly OfferedPrompt[] = [WORK_LOOP, PLAN_TASKS];

function needed(given: Given, name: string): string {
  const value = given[name] ?? '';
  if (value.trim() !== '') return value;
  throw new WrongParams(`Missing argument: ${name}`);
}

function said(text: string): GetPromptResult {
  return { messages: [{ role: 'user', content: { type: 'text', text } }] };
}
