import { chargeOf, chargeOfMessage } from './charge';

describe('chargeOf', () => {
  it.each(['/health', '/health/', '/health/live', '/HEALTH/ready', '/health?x=1', '/task-manager/health'])(
    'charges nothing for %s',
    (url) => {
      expect(chargeOf(url)).toBe('nothing');
    },
  );

  it.each([
    '/api/v1/tasks/x/complete',
    '/API/v1/tasks/x/FAIL/',
    '/api/v1/tasks/x/fail?a=b',
    '/api/v1/tasks/x/heartbeat',
    '/api/v1/tasks/x/progress',
    '/api/v1/tasks/x/release',
    '/api/v1/tasks/complete',
    '/api/v1/tasks/complete/?a=b',
    '/task-manager/api/v1/tasks/x/progress',
    '/Task-Manager/api/v1/tasks/x/fail',
    '/task-manager/api/v1/workers/w/heartbeat?x',
  ])('charges only refusals for %s', (url) => {
    expect(chargeOf(url)).toBe('refusals');
  });

  it.each([
    '/healthy',
    '/api/v1/tasks',
    '/api/v1/tasks/claim',
    '/api/v1/tasks/fail',
    '/api/v1/tasks/x/cancel',
    '/api/v1/tasks/x/complete/y',
    '/x?/api/v1/tasks/x/complete',
    '/x/health',
    '/task-managers/health',
    '/task-manager/api/v1/workers/w/claim',
    '/task-manager/task-manager/health',
  ])('charges a request for %s', (url) => {
    expect(chargeOf(url)).toBe('request');
  });
});

describe('the charge of /mcp', () => {
  const holders = ['task_heartbeat', 'task_complete', 'task_fail', 'task_release'];

  it.each(['/mcp', '/MCP/', '/mcp?x=1'])('waits for the body of %s, where no header tells', (url) => {
    expect(chargeOf(url, {})).toBe('later');
    expect(chargeOf(url, { 'mcp-method': 'tools/list' })).toBe('request');
    expect(chargeOf(url, { 'mcp-method': 'tools/call', 'mcp-name': 'task_claim' })).toBe('request');
  });

  it.each(holders)('believes the body only that it is a %s', (name) => {
    expect(chargeOf('/mcp', { 'mcp-method': 'tools/call', 'mcp-name': name })).toBe('later');
    expect(chargeOfMessage({ method: 'tools/call', params: { name } })).toBe('refusals');
  });

  it.each([
    null,
    7,
    {},
    { method: 'tools/list' },
    { method: 'tools/call' },
    { method: 'tools/call', params: { name: 'task_claim' } },
    { method: 'prompts/get', params: { name: 'task_heartbeat' } },
    { method: 'tools/call', params: { name: ['task_heartbeat'] } },
  ])('is that of a request for %j', (message) => {
    expect(chargeOfMessage(message)).toBe('request');
  });
});
