import { StoreUnavailable } from '@task/application';
import {
  IdempotencyKeyInUse,
  IdempotencyKeyReused,
  InvalidTask,
  LeaseLost,
  PromptMismatch,
  PromptSaysNothing,
  QueueFull,
  QueueOverloaded,
  TaskNotFound,
  type DomainError,
} from '@task/domain';
import { Unexpected } from '../shared/failures/failure';
import { Refusal } from '../shared/failures/refusal';
import { OrchestratorFailures } from './orchestrator-failures';

const render = (failure: Parameters<OrchestratorFailures['render']>[0]) => {
  const { status, headers, body } = new OrchestratorFailures().render(failure, 'en');
  return { status, headers, body: body as { error: { code: string; details: unknown } } };
};

describe('OrchestratorFailures', () => {
  it('wraps a failure as the document does, in its order', () => {
    expect(Object.keys(render(new TaskNotFound('x')).body)).toEqual([
      'success',
      'data',
      'error',
      'timestamp',
    ]);
    expect(Object.keys(render(new TaskNotFound('x')).body.error)).toEqual(['code', 'message', 'details']);
  });

  it('lists fields under the names of this dialect', () => {
    const failure = new InvalidTask([
      { field: 'maxRetries', reason: 'out_of_range', constraints: { min: 0, max: 100 } },
    ]);
    expect(render(failure)).toMatchObject({
      status: 400,
      body: {
        error: {
          code: 'VALIDATION_ERROR',
          details: [
            { field: 'max_retries', reason: 'must be from 0 to 100', constraints: { min: 0, max: 100 } },
          ],
        },
      },
    });
  });

  it('says which of several tasks was refused', () => {
    const at = (index: number, failure: DomainError): DomainError => Object.assign(failure, { index });
    const violation = { field: 'maxRetries', reason: 'not_flag', constraints: {} } as const;
    expect(render(at(3, new InvalidTask([violation]))).body.error.details).toMatchObject([
      { field: 'tasks[3].max_retries' },
    ]);
    expect(render(at(0, new PromptSaysNothing())).body.error.details).toEqual({ index: 0 });
  });

  it.each([
    [new IdempotencyKeyInUse(), 409, { code: 'IDEMPOTENCY_KEY_IN_USE' }],
    [new IdempotencyKeyReused(), 422, { code: 'IDEMPOTENCY_KEY_REUSED' }],
    [new LeaseLost('x', 'working', 'complete'), 409, { code: 'LEASE_LOST', status: 'working' }],
    [new PromptMismatch(0.123_456, 0.8), 422, { similarity: 0.123, required: 0.8 }],
    [new QueueFull(9), 503, { retry_after_seconds: 5, max_waiting: 9 }],
    [new QueueOverloaded(), 503, { retry_after_seconds: 5 }],
    [new StoreUnavailable('overloaded'), 503, { retry_after_seconds: 1 }],
    [new Unexpected(null, 'some-id'), 500, { error_id: 'some-id' }],
    [new Refusal('forbidden', { required_role: 'worker' }), 403, { required_role: 'worker' }],
  ])('tells the figures of a failure: %s', (failure, status, details) => {
    const answer = render(failure);
    expect([answer.status, answer.body.error.details]).toEqual([status, details]);
  });

  it('says when to come back, in the header too', () => {
    expect(render(new QueueFull(9)).headers).toEqual({ 'Retry-After': '5' });
    expect(render(new IdempotencyKeyInUse()).headers).toEqual({ 'Retry-After': '1' });
    expect(render(new StoreUnavailable('unreachable')).headers).toEqual({ 'Retry-After': '5' });
  });
});
