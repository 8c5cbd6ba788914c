import { RouteTable } from '../http/shared/failures/route-table';
import { idleEndpointLimits } from './idle-endpoint-limits';

describe('idleEndpointLimits', () => {
  const routes = new RouteTable();
  routes.add('POST', '/api/v1/tasks');
  routes.add('GET', '/api/v1/tasks/:id');
  routes.add('POST', '/api/v1/tasks/:id/heartbeat');

  it('tells of endpoints that are not there, and of those that are never limited', () => {
    const names = [
      'POST /api/v1/tasks',
      'GET /api/v1/tasks/{}',
      'PUT /api/v1/tasks',
      'POST /api/v1/task',
      'POST /api/v1/tasks/{}/heartbeat',
    ];
    expect(idleEndpointLimits(names, routes)).toEqual([
      'RATE_LIMIT_ENDPOINTS: there is no endpoint PUT /api/v1/tasks',
      'RATE_LIMIT_ENDPOINTS: there is no endpoint POST /api/v1/task',
      expect.stringMatching(/POST \/api\/v1\/tasks\/\{\}\/heartbeat is never limited/),
    ]);
  });
});
