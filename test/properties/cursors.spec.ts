import { ListTasks, TASK_SORTS, type ListTasksInput, type Position } from '@task/application';
import { InvalidTask, TASK_STATUSES } from '@task/domain';
import fc from 'fast-check';
import { DecidingStore } from '../support/deciding-store';
import { memoryGuard } from '../support/told-memory';

const filters = fc.record(
  {
    status: fc.constantFrom(...TASK_STATUSES),
    priorities: fc.record(
      { from: fc.integer({ min: 1, max: 5 }), to: fc.integer({ min: 5, max: 10 }) },
      { noNullPrototype: true },
    ),
    directoryContains: fc.string({ unit: 'grapheme' }),
    taskType: fc.string(),
    kbId: fc.string({ unit: 'binary' }),
    tags: fc.record(
      { names: fc.array(fc.string()), mode: fc.constantFrom('all' as const, 'any' as const) },
      { noNullPrototype: true },
    ),
    createdAfter: fc.maxSafeNat(),
    createdBefore: fc.maxSafeNat(),
  },
  { requiredKeys: [], noNullPrototype: true },
);
const sorts = fc.record({
  by: fc.constantFrom(...TASK_SORTS),
  order: fc.constantFrom('asc' as const, 'desc' as const),
});
const positions: fc.Arbitrary<Position> = fc.array(fc.maxSafeInteger(), { minLength: 3, maxLength: 3 });

const listOf = (filter: ListTasksInput['filter'], sort: ListTasksInput['sort']): ListTasksInput => ({
  ...{ filter, sort, limit: 10, offset: 0 },
});

/** The cursor that a page gives whose next one begins at the position. */
async function cursorTo(next: Position, list: ListTasksInput): Promise<string> {
  const { nextCursor } = await new ListTasks(new DecidingStore({ next }), memoryGuard()).execute(list);
  return nextCursor ?? '';
}

async function positionAt(cursor: string, list: ListTasksInput): Promise<Position | null | undefined> {
  const store = new DecidingStore();
  await new ListTasks(store, memoryGuard()).execute({ ...list, cursor });
  return store.pages[0]?.after;
}

describe('a cursor', () => {
  it('leads back to its position in the same list', async () => {
    await fc.assert(
      fc.asyncProperty(positions, filters, sorts, async (position, filter, sort) => {
        const list = listOf(filter, sort);
        const cursor = await cursorTo(position, list);
        expect(cursor).toMatch(/^[\w-]+$/);
        const reordered = listOf(Object.fromEntries(Object.entries(filter).reverse()), sort);
        expect(await positionAt(cursor, reordered)).toEqual(position);
      }),
    );
  });

  it('leads nowhere when it has more or fewer figures than a place', async () => {
    const others = fc.array(fc.maxSafeInteger(), { maxLength: 6 }).filter(({ length }) => length !== 3);
    await fc.assert(
      fc.asyncProperty(others, filters, sorts, async (position, filter, sort) => {
        const list = listOf(filter, sort);
        const cursor = await cursorTo(position, list);
        await expect(positionAt(cursor, list)).rejects.toThrow(InvalidTask);
      }),
    );
  });

  it('leads nowhere in another list', async () => {
    await fc.assert(
      fc.asyncProperty(positions, filters, filters, sorts, async (position, filter, other, sort) => {
        fc.pre(
          JSON.stringify(Object.entries(filter).sort()) !== JSON.stringify(Object.entries(other).sort()),
        );
        const cursor = await cursorTo(position, listOf(filter, sort));
        await expect(positionAt(cursor, listOf(other, sort))).rejects.toThrow(InvalidTask);
      }),
    );
  });

  it('is refused when it is any other text', async () => {
    const forged = fc
      .array(fc.oneof(fc.maxSafeInteger(), fc.string(), fc.double(), fc.constant(null)))
      .map((value) => Buffer.from(JSON.stringify(value)).toString('base64url'));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ minLength: 1 }), forged), sorts, async (text, sort) => {
        await expect(positionAt(text, listOf({}, sort))).rejects.toThrow(InvalidTask);
      }),
    );
  });
});
