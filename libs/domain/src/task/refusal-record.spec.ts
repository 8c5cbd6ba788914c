import type { DomainError } from '../domain-error';
import { IdempotencyKeyInUse, IdempotencyKeyReused } from './idempotency.errors';
import { recordOf, refusalFrom, type RefusalRecord } from './refusal-record';
import { TASK_COMMANDS } from './task-status';
import {
  InvalidTask,
  LeaseLost,
  PromptMismatch,
  PromptSaysNothing,
  PromptTooShort,
  QueueFull,
  RetriesExhausted,
  TaskAlreadyFinal,
  TaskCancelled,
  TaskNotFailed,
  TaskNotFound,
  TaskNotWaiting,
  TaskNotWorking,
} from './task.errors';

const CONFLICTS = [
  LeaseLost,
  TaskCancelled,
  TaskAlreadyFinal,
  TaskNotWorking,
  TaskNotWaiting,
  TaskNotFailed,
] as const;

const KEPT: readonly DomainError[] = [
  ...CONFLICTS.map((Conflict) => new Conflict('id', 'failed', 'complete')),
  new LeaseLost('id', 'waiting', 'renew'),
  new TaskNotFound('id'),
  new RetriesExhausted('id', 7),
  new PromptMismatch(0.123456789, 0.8),
  new PromptTooShort(2, 3),
  new PromptSaysNothing(),
];

/** On its way to a disk and back. */
const read = (record: RefusalRecord | null): RefusalRecord =>
  JSON.parse(JSON.stringify(record)) as RefusalRecord;

/** All that an adapter can read off a refusal. */
const all = (refusal: DomainError): object => ({ ...refusal, message: refusal.message });

describe('a refusal as a record', () => {
  it.each(KEPT.map((refusal) => [refusal.constructor.name, refusal] as const))(
    'is the same refusal again: %s',
    (_, refusal) => {
      const again = refusalFrom(read(recordOf(refusal)));
      expect(again.constructor).toBe(refusal.constructor);
      expect(all(again)).toEqual(all(refusal));
    },
  );

  it.each(TASK_COMMANDS)('knows again what was asked for: %s', (command) => {
    const refusal = new TaskNotWorking('id', 'waiting', command);
    expect(refusalFrom(read(recordOf(refusal)))).toMatchObject({ command, status: 'waiting' });
  });

  it.each([0, 999])('knows again which of several it concerns: %d', (index) => {
    for (const refusal of KEPT) {
      refusal.index = index;
      expect(refusalFrom(read(recordOf(refusal))).index).toBe(index);
      refusal.index = null;
      expect(refusalFrom(read(recordOf(refusal))).index).toBeNull();
    }
  });

  it.each([
    new InvalidTask([]),
    new QueueFull(3),
    new IdempotencyKeyReused(),
    new IdempotencyKeyInUse(),
    new Error('boom'),
    'boom',
    null,
    undefined,
  ])('is none for what may turn out otherwise the next time: %s', (error) => {
    expect(recordOf(error)).toBeNull();
  });

  it('is refused where no refusal is kept under its code', () => {
    expect(() => refusalFrom({ code: 'queue.full' })).toThrow('no refusal is kept under queue.full');
  });

  it('is read though another version wrote it that knew other words', () => {
    const record = { code: 'task.not_working', taskId: 'id', status: 'asleep', command: 'dream' } as const;
    expect(refusalFrom(record)).toMatchObject({ code: 'task.not_working', status: 'waiting' });
    expect(refusalFrom({ code: 'task.retries_exhausted' })).toMatchObject({ taskId: '', maxRetries: 0 });
  });
});
