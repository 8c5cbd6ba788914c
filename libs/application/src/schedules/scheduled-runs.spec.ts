import {
  InvalidTask,
  JsonDocument,
  PromptSaysNothing,
  QueueFull,
  TaskTypes,
  type Schedule,
} from '@task/domain';
import { NOW, policy } from '../../../../test/support/builders';
import { CountedIds, uuid } from '../../../../test/support/counted-ids';
import { DecidingStore } from '../../../../test/support/deciding-store';
import { memoryGuard } from '../../../../test/support/told-memory';
import { HourlyRecurrence, schedule } from '../../../../test/support/schedules';
import { CreateTasks } from '../tasks/create-tasks';
import { ScheduledRuns } from './scheduled-runs';

const HOUR_MS = 3_600_000;
const DUE = schedule({ nextAt: NOW });

describe('ScheduledRuns', () => {
  const runs = (changes: Parameters<typeof policy>[0] = {}, share = 0): ScheduledRuns =>
    new ScheduledRuns(
      new CreateTasks(new DecidingStore(), new CountedIds(), policy(changes), memoryGuard(share)),
      new HourlyRecurrence(),
    );
  const templated = (task: Schedule['task'], changes: Partial<Schedule> = {}): Schedule => ({
    ...{ ...DUE, task, ...changes },
  });

  it('makes nothing of what is not due', () => {
    const later = schedule({ nextAt: NOW + 1 });
    expect(runs().due(later, NOW, 0)).toEqual({ schedule: later, tasks: [] });
  });

  it('makes a task by the template, and moves on', () => {
    const task = {
      ...{ workDirectory: '/srv', prompt: 'report', priority: 9, payload: JsonDocument.of({ a: 1 }) },
      ...{ concurrencyKey: 'report' },
    };
    const { schedule: after, tasks } = runs().due(templated(task), NOW + 20, 0);
    expect(tasks).toMatchObject([
      { task: { state: { ...task, createdBy: 'schedule:nightly', metadata: null } } },
    ]);
    expect(after).toMatchObject({ nextAt: NOW + HOUR_MS, lastAt: NOW + 20, lastTaskId: uuid(1) });
  });

  it('lets the first event tell which occurrence of which schedule it is', () => {
    const [task] = runs().due(DUE, NOW + 20, 0).tasks;
    expect(task?.effects).toMatchObject([
      {
        command: 'create',
        details: { schedule_id: DUE.id, schedule: 'nightly', scheduled_at: new Date(NOW).toISOString() },
      },
    ]);
  });

  it('passes over what was missed, where the policy says so', () => {
    const { schedule: after, tasks } = runs().due({ ...DUE, missed: 'skip' }, NOW + 2 * HOUR_MS + 90_000, 0);
    expect([after.nextAt, after.lastAt, tasks]).toEqual([NOW + 3 * HOUR_MS, null, []]);
  });

  it('keeps an occurrence due while the queue is full', () => {
    const { schedule: after, tasks } = runs({ maxWaiting: 7 }).due(DUE, NOW + 20, 7);
    expect(tasks).toEqual([]);
    expect(after).toMatchObject({ nextAt: NOW, lastError: { code: 'queue.full', at: NOW + 20 } });
    const retried = runs({ maxWaiting: 7 }).due(after, NOW + 1_020, 6);
    expect(retried.tasks).toHaveLength(1);
    expect(retried.schedule).toMatchObject({ nextAt: NOW + HOUR_MS, lastError: null });
  });

  it('keeps an occurrence due while memory is short', () => {
    const { schedule: after, tasks } = runs({}, 0.99).due(DUE, NOW + 20, 0);
    expect([after.nextAt, after.lastError?.code, tasks]).toEqual([NOW, 'queue.overloaded', []]);
    expect(runs().due(after, NOW + 1_020, 0).tasks).toHaveLength(1);
  });

  it.each<[string, Schedule['task'], string]>([
    ['that breaks a rule', { prompt: 'x'.repeat(10_001) }, 'task.invalid'],
    ['whose prompt says nothing', { prompt: '…' }, 'task.prompt_says_nothing'],
  ])('remembers a task %s, and tries it again at the next occurrence', (_, task, code) => {
    const { schedule: after, tasks } = runs().due(templated(task), NOW + 20, 0);
    expect(tasks).toEqual([]);
    expect(after).toMatchObject({ nextAt: NOW + HOUR_MS, lastError: { code, at: NOW + 20 } });
  });

  it('checks the payload by the rules of its type as they are then', () => {
    const report = {
      ...{ name: 'report', timeoutSeconds: 60, maxRetries: null, backoff: { baseMs: null, capMs: null } },
      payload: {
        schema: {},
        check: () => [{ path: '.day', reason: 'breaks_schema', constraints: {} }] as const,
      },
    };
    const strict = runs({ taskTypes: new TaskTypes([report]) });
    const { schedule: after } = strict.due(templated({ taskType: 'report' }), NOW, 0);
    expect(after.lastError).toMatchObject({
      code: 'task.invalid',
      message: 'invalid: payload.day breaks_schema',
    });
  });

  it('does not take for a refusal what is none', () => {
    const broken = new ScheduledRuns(
      new CreateTasks(
        new DecidingStore(),
        Object.assign(new CountedIds(), {
          taskId: () => {
            throw new Error('no more ids');
          },
        }),
        policy(),
        memoryGuard(),
      ),
      new HourlyRecurrence(),
    );
    expect(() => broken.due(DUE, NOW, 0)).toThrow('no more ids');
  });

  it('makes a task when somebody asks, and leaves the next occurrence', () => {
    const paused = schedule({ isEnabled: false, nextAt: null });
    const { schedule: after, tasks } = runs().asked(paused, NOW + 7, 0, 'ops');
    expect(after).toMatchObject({ isEnabled: false, nextAt: null, lastAt: NOW + 7, lastTaskId: uuid(1) });
    expect(tasks[0]?.effects).toMatchObject([{ details: { schedule: 'nightly', run_by: 'ops' } }]);
  });

  it('tells whoever asks why there is none', () => {
    const ask =
      (task: Schedule['task'], waiting = 0) =>
      (): unknown =>
        runs({ maxWaiting: 7 }).asked(templated(task), NOW, waiting, 'ops');
    expect(ask({ prompt: 'report' }, 7)).toThrow(QueueFull);
    expect(ask({ prompt: '…' })).toThrow(PromptSaysNothing);
    expect(ask({ priority: 11 })).toThrow(InvalidTask);
  });
});
