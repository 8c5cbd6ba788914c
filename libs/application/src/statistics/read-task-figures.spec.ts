import { KnownTypes, typeCount } from '../../../../test/support/known-types';
import { ReadTaskFigures } from './read-task-figures';
import { memoryGuard } from '../../../../test/support/told-memory';

describe('ReadTaskFigures', () => {
  it('sums the types up', async () => {
    const types = new KnownTypes([
      typeCount('ocr', { waiting: 5, completed: 3 }, 9_000),
      typeCount('index', { working: 1, completed: 1, failed: 2, cancelled: 1 }, 3_000),
    ]);
    expect(await new ReadTaskFigures(types, memoryGuard()).execute({ kbId: 'kb_1' })).toEqual({
      total: 13,
      byStatus: { waiting: 5, working: 1, completed: 4, failed: 2, cancelled: 1 },
      byType: [
        { taskType: 'ocr', tasks: 8 },
        { taskType: 'index', tasks: 5 },
      ],
      meanMs: 3_000,
    });
    expect(types.asked).toEqual([{ kbId: 'kb_1' }]);
  });

  it('knows no mean time before the first completion, and asks about all knowledge bases by default', async () => {
    const types = new KnownTypes();
    expect(await new ReadTaskFigures(types, memoryGuard()).execute({})).toMatchObject({
      total: 0,
      byType: [],
      meanMs: null,
    });
    expect(types.asked).toEqual([{}]);
  });
});
