import { StoreUnavailable, type SharedLevels } from '@task/application';
import { openStore, type OpenStore, type StoreOptions } from '@task/infrastructure';
import { eventually } from '../support/eventually';
import { startPostgres, type TestPostgres } from '../support/postgres';
import { SpareDatabases } from '../support/spare-databases';
import { describeSharedLevels } from './shared-levels.contract';

let postgres: TestPostgres;
let options: StoreOptions;
let stores: OpenStore[];

beforeAll(async () => {
  postgres = await startPostgres();
  options = await new SpareDatabases(postgres).take();
  stores = [await openStore(options), await openStore(options)];
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.close()));
  await postgres.stop();
});

const levels = (index: number): SharedLevels => {
  const found = stores[index]?.levels;
  if (found === undefined || found === null) throw new Error('there are two instances');
  return found;
};

describeSharedLevels('PostgreSQL', () => [levels(0), levels(1)]);

describe('levels in a database', () => {
  const ask = (who = 'somebody'): Promise<boolean> =>
    levels(0).change(who, (_, now) => ({ levels: { steadyOut: 1, burstOut: 1, at: now }, answer: true }));

  it('know how many draw from them', () => {
    expect(levels(1).instances).toBe(2);
  });

  it('say soon that the database is away, and are there again when it is', async () => {
    await postgres.halt();
    await expect(ask()).rejects.toThrow(StoreUnavailable);
    await expect(ask()).rejects.toMatchObject({ fault: 'unreachable' });
    await postgres.resume();
    expect(await eventually(() => ask().catch(() => null))).toBe(true);
  });
});
