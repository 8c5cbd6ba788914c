import { endpointLimitsOf, isEndpointLimit } from './endpoint-limits';

describe('limits of endpoints', () => {
  it('are read by endpoint, whatever its parameters are called', () => {
    expect([
      ...endpointLimitsOf(['POST /api/v1/tasks=60', 'get /API/v1/tasks/{task_id}/history/ = 600']),
    ]).toEqual([
      ['POST /api/v1/tasks', 60],
      ['GET /api/v1/tasks/{}/history', 600],
    ]);
  });

  it.each([
    '/api/v1/tasks=60',
    'POST=60',
    'POST /api/v1/tasks',
    'POST /api/v1/tasks=0',
    'POST /api/v1/tasks=-1',
    'POST /api/v1/tasks=many',
    'POST /api/v1/tasks?x=1',
    'POST /api/v1/{task=1',
    'FETCH /api/v1/tasks=1',
    '',
  ])('are not read from %j', (text) => {
    expect(isEndpointLimit(text)).toBe(false);
    expect(endpointLimitsOf([text]).size).toBe(0);
  });
});
