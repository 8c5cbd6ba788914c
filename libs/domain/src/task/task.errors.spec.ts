import * as errors from './task.errors';

const { InvalidTask, TaskNotFound, LeaseLost, RetriesExhausted, PromptMismatch, PromptTooShort, QueueFull } =
  errors;

describe('refusals', () => {
  it.each([
    [new TaskNotFound('x'), 'task.not_found', 'no task x'],
    [new LeaseLost('x', 'working', 'complete'), 'task.lease_lost', 'cannot complete task x: it is working'],
    [new RetriesExhausted('x', 3), 'task.retries_exhausted', 'cannot retry task x: it is failed'],
    [new PromptMismatch(0.51234, 0.8), 'task.prompt_mismatch', 'prompt similarity 0.512, needed 0.8'],
    [new errors.PromptSaysNothing(), 'task.prompt_says_nothing', 'the prompt has no letter or digit'],
    [new PromptTooShort(1, 3), 'task.prompt_too_short', 'the prompt has 1 words, needed 3'],
    [new QueueFull(10), 'queue.full', '10 tasks wait already'],
  ])('%s', (error, code, message) => {
    expect(error).toMatchObject({ code, message });
  });

  it('names the fields that are wrong, and not what was in them', () => {
    const error = new InvalidTask([
      { field: 'prompt', reason: 'too_long', constraints: { max_length: 10_000 } },
      { field: 'tags[3]', reason: 'not_text', constraints: {} },
    ]);
    expect(error).toMatchObject({
      code: 'task.invalid',
      message: 'invalid: prompt too_long, tags[3] not_text',
    });
  });

  it('tells the status of the task in a conflict', () => {
    expect(new errors.TaskNotFailed('x', 'waiting', 'retry')).toMatchObject({
      status: 'waiting',
      taskId: 'x',
    });
  });
});
