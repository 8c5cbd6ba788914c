import { tryStore } from '../properties/model/run-model';
import { usePostgres } from './postgres-subject';

describe('whatever is done to a store, in whatever order', () => {
  const open = usePostgres();

  it('on PostgreSQL, it agrees with the model, restarts included', async () => {
    await tryStore(open, { reopens: true, numRuns: 20, maxCommands: 40 });
  }, 120_000);
});
