import { InvalidTask } from '@task/domain';
import { taskIn } from '../../../../test/support/builders';
import { DecidingStore } from '../../../../test/support/deciding-store';
import { encodeCursor } from './cursor';
import { ListTasks, type ListTasksInput } from './list-tasks';
import { memoryGuard } from '../../../../test/support/told-memory';

const LIST = {
  filter: { status: 'waiting' },
  sort: { by: 'priority', order: 'desc' },
  limit: 10,
  offset: 20,
} as const satisfies ListTasksInput;

describe('ListTasks', () => {
  it('asks for the page that begins at the offset', async () => {
    const store = new DecidingStore();
    await new ListTasks(store, memoryGuard()).execute(LIST);
    expect(store.pages).toEqual([{ ...LIST, after: null }]);
  });

  it('asks by cursor for what is behind it, and for no offset beside', async () => {
    const store = new DecidingStore();
    await new ListTasks(store, memoryGuard()).execute({
      ...LIST,
      cursor: encodeCursor([8, 3, 4], LIST.filter, LIST.sort),
    });
    expect(store.pages).toEqual([{ ...LIST, offset: 0, after: [8, 3, 4] }]);
  });

  it('tells the page, the total, and how to go on', async () => {
    const tasks = [taskIn('waiting')];
    const page = await new ListTasks(new DecidingStore({ tasks, next: [5, 2, 1] }), memoryGuard()).execute(
      LIST,
    );
    expect(page).toEqual({
      ...{ tasks, total: 1, totalCapped: false },
      nextCursor: encodeCursor([5, 2, 1], LIST.filter, LIST.sort),
    });
  });

  it('tells that nothing comes after the last page', async () => {
    expect((await new ListTasks(new DecidingStore(), memoryGuard()).execute(LIST)).nextCursor).toBeNull();
  });

  it.each([
    ['of another filter', encodeCursor([1, 1], { status: 'failed' }, LIST.sort)],
    ['of no filter', encodeCursor([1, 1], {}, LIST.sort)],
    ['of another sort', encodeCursor([1, 1], LIST.filter, { by: 'status', order: 'desc' })],
    ['of the other direction', encodeCursor([1, 1], LIST.filter, { by: 'priority', order: 'asc' })],
    ['without a position', encodeCursor([], LIST.filter, LIST.sort)],
    ['that is empty', ''],
    ['that is nonsense', 'nonsense'],
    ['that is JSON', Buffer.from('{"a":1}').toString('base64url')],
    ['of other things than numbers', Buffer.from('["a",1]').toString('base64url')],
  ])('refuses a cursor %s', async (_, cursor) => {
    const store = new DecidingStore();
    const list = new ListTasks(store, memoryGuard()).execute({ ...LIST, cursor });
    await expect(list).rejects.toThrow(InvalidTask);
    await expect(list).rejects.toMatchObject({ violations: [{ field: 'cursor', reason: 'bad_format' }] });
    expect(store.pages).toEqual([]);
  });
});
