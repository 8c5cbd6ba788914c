import { FailureRenderers } from './dialects';
import type { FailureRenderer } from './failure-renderer';

const renderer = (name: string): FailureRenderer => ({
  render: () => ({ status: 400, headers: {}, body: name }),
});
const [manager, agent, rest] = [renderer('manager'), renderer('agent'), renderer('rest')];

describe('FailureRenderers', () => {
  const renderers = new FailureRenderers(
    [
      ['/task-manager', manager],
      ['/tasks', agent],
    ],
    rest,
  );

  it.each([
    ['/task-manager', manager],
    ['/task-manager/api/v1/tasks', manager],
    ['/Task-Manager/health', manager],
    ['/tasks/1', agent],
    ['/tasks2', rest],
    ['/api/v1/tasks', rest],
    ['/', rest],
  ])('lets the owner of %s word its failures', (path, expected) => {
    expect(renderers.of(path)).toBe(expected);
  });
});
