import { bodyLimitOf } from './body-limit';

const limitOf = (url: string): number => bodyLimitOf(url, { maxBodyBytes: 2, maxBatchBytes: 16 });

describe('bodyLimitOf', () => {
  it.each([
    '/api/v1/tasks/batch',
    '/API/v1/Tasks/BATCH/',
    '/api/v1/tasks/batch?x=1',
    '/api/v1/tasks/complete',
    '/api/v1/tasks/complete/?x',
    '/task-manager/api/v1/tasks/batch',
  ])('is the larger one for %s', (url) => {
    expect(limitOf(url)).toBe(16);
  });

  it.each([
    '/api/v1/tasks',
    '/api/v1/tasks/claim',
    '/api/v1/tasks/x/complete',
    '/api/v1/tasks/batch/x',
    '/api/v1/tasks/batches',
    '/x?/api/v1/tasks/batch',
    '/task-manager/api/v1/tasks',
  ])('is the usual one for %s', (url) => {
    expect(limitOf(url)).toBe(2);
  });
});
