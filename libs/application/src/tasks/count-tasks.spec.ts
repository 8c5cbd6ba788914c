import { Task } from '@task/domain';
import { ACTOR, draft, NOW } from '../../../../test/support/builders';
import { uuid } from '../../../../test/support/counted-ids';
import { KeepingStore } from '../../../../test/support/keeping-store';
import { CountTasks } from './count-tasks';

describe('CountTasks', () => {
  it('tells how many match, and asks for none of them', async () => {
    const store = new KeepingStore(
      [1, 2].map((number) => Task.create(draft(), uuid(number), ACTOR, NOW).task),
    );
    const filter = { status: 'waiting' } as const;

    expect(await new CountTasks(store).execute(filter)).toEqual({ total: 2, totalCapped: false });
    expect(store.pages).toMatchObject([{ filter, limit: 0 }]);
  });
});
