import { workTask } from '../../test/support/scripted-source';
import { logWork } from './log-work';
import type { WorkEvent } from './runtime/work-event';

describe('the log of a worker', () => {
  const logged: [level: string, fields: object, message: string][] = [];
  const keep =
    (level: string) =>
    (fields: object, message: string): void =>
      void logged.push([level, fields, message]);
  const log = { debug: keep('debug'), info: keep('info'), warn: keep('warn') };
  const ended = (changes: Partial<Extract<WorkEvent, { kind: 'ended' }>>): WorkEvent => ({
    ...{ kind: 'ended', task: workTask(), outcome: 'failed', reason: null, summary: null },
    ...{ result: undefined, durationMs: 7 },
    ...changes,
  });

  beforeEach(() => (logged.length = 0));

  it('says why a task has failed, without what its command has written', () => {
    logWork(
      log,
      ended({
        reason: 'the command ended with exit code 3: no',
        summary: 'the command ended with exit code 3',
      }),
    );
    expect(logged).toEqual([
      [
        'info',
        {
          ...{ event: 'task_ended', task_id: workTask().id, task_type: 'agent_prompt', attempt: 1 },
          ...{ outcome: 'failed', reason: 'the command ended with exit code 3', duration_ms: 7 },
        },
        'task failed',
      ],
    ]);
  });

  it.each([
    ['completed', 'debug'],
    ['cancelled', 'info'],
    ['released', 'info'],
    ['timed_out', 'warn'],
    ['lost', 'warn'],
    ['unreported', 'warn'],
  ] as const)('says of a task that is %s, as %s', (outcome, level) => {
    logWork(log, ended({ outcome }));
    expect(logged).toEqual([
      [level, expect.objectContaining({ outcome }), `task ${outcome.replace('_', ' ')}`],
    ]);
  });

  it('has no prompt in it, and no progress', () => {
    logWork(log, { kind: 'started', task: workTask() });
    logWork(log, { kind: 'progress', task: workTask(), progress: 4, message: 'on it' });
    expect(JSON.stringify(logged)).not.toContain(workTask().prompt);
    expect(logged).toHaveLength(1);
  });
});
