import { RouteTable } from './route-table';

describe('RouteTable', () => {
  const table = new RouteTable();
  table.add('GET', '/tasks');
  table.add('POST', '/tasks');
  table.add('GET', '/tasks/:task_id');
  table.add('GET', '/tasks/next');
  table.add('POST', '/tasks/:task_id/fail');

  it.each([
    ['/tasks', ['GET', 'POST']],
    ['/tasks/', ['GET', 'POST']],
    ['/TASKS', ['GET', 'POST']],
    ['/tasks/17', ['GET']],
    ['/tasks/17/fail', ['POST']],
  ])('knows the methods of %s', (path, methods) => {
    expect(table.methodsOf(path)).toEqual(methods);
  });

  it.each(['/', '/task', '/tasks/17/x', '/tasks//fail', '/tasks/17/fail/x', ''])(
    'does not know %j',
    (path) => {
      expect(table.methodsOf(path)).toEqual([]);
    },
  );

  it('prefers a literal to a parameter', () => {
    table.add('DELETE', '/tasks/:task_id');
    expect(table.methodsOf('/tasks/next')).toEqual(['GET']);
    expect(table.methodsOf('/tasks/17')).toEqual(['GET', 'DELETE']);
  });

  it('names a method once, however often it was registered', () => {
    table.add('GET', '/tasks');
    expect(table.methodsOf('/tasks')).toEqual(['GET', 'POST']);
  });
});
