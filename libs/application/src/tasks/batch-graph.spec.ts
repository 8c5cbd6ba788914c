import { InvalidTask } from '@task/domain';
import { graphOf, type GraphNode } from './batch-graph';

const refusalOf = (nodes: readonly GraphNode[]): unknown => {
  try {
    graphOf(nodes);
    return null;
  } catch (error) {
    if (!(error instanceof InvalidTask)) throw error;
    const [violation] = error.violations;
    return [error.index, violation?.field, violation?.reason];
  }
};

describe('graphOf', () => {
  it('takes ids for stored tasks, in lower case and each once', () => {
    expect(graphOf([{ dependsOn: ['A-1', 'a-1', 'b-2'] }])).toEqual({
      edges: [[{ storedId: 'a-1' }, { storedId: 'b-2' }]],
      order: [0],
      storedIds: ['a-1', 'b-2'],
    });
  });

  it('takes @names for tasks of the same batch, wherever they stand', () => {
    const { edges, order, storedIds } = graphOf([
      { dependsOn: ['@build', '@lint', '@build'] },
      { ref: 'build', dependsOn: ['@lint'] },
      { ref: 'lint' },
    ]);
    expect(edges).toEqual([[{ index: 1 }, { index: 2 }], [{ index: 2 }], []]);
    expect(order).toEqual([2, 1, 0]);
    expect(storedIds).toEqual([]);
  });

  it.each<[string, readonly GraphNode[], unknown]>([
    ['a name that nobody has', [{ dependsOn: ['@a'] }], [0, 'dependsOn[0]', 'unknown_reference']],
    ['a name that two have', [{ ref: 'a' }, { ref: 'a' }], [1, 'ref', 'not_unique']],
    ['a name that is none', [{ ref: '@a' }], [0, 'ref', 'bad_format']],
    ['too many', [{}, { dependsOn: Array<string>(101).fill('x') }], [1, 'dependsOn', 'too_many']],
    ['a task that waits for itself', [{ ref: 'a', dependsOn: ['@a'] }], [0, 'dependsOn', 'cyclic']],
    [
      'tasks that wait for each other',
      [{}, { ref: 'a', dependsOn: ['@b'] }, { ref: 'b', dependsOn: ['@a'] }],
      [1, 'dependsOn', 'cyclic'],
    ],
  ])('refuses %s', (_, nodes, refusal) => {
    expect(refusalOf(nodes)).toEqual(refusal);
  });
});
