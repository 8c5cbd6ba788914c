import type { Commit } from '@task/application';
import type { DataSource } from 'typeorm';
import { eventually } from '../../../../../../test/support/eventually';
import { Commits } from '../../commits';
import { Instances } from './instances';

/** Nobody listens there. */
const NOWHERE = 'postgres://nobody@127.0.0.1:1/nothing';

describe('an instance that cannot hear the others', () => {
  let newest: number | null;
  let instances: Instances;
  let told: Commit[];
  const source = {
    query: async () => {
      if (newest === null) throw new Error('away');
      return [{ value: newest }];
    },
  } as unknown as DataSource;
  const until = (isSo: () => boolean): Promise<true> =>
    eventually(() => Promise.resolve(isSo() ? true : null));

  beforeEach(async () => {
    newest = 0;
    told = [];
    const commits = new Commits();
    commits.subscribe((commit) => told.push(commit));
    instances = new Instances(NOWHERE, source, commits);
    await instances.start();
  });
  afterEach(() => instances.close());

  it('asks the database whether there was anything, and tells that anything may have happened', async () => {
    const topics: string[] = [];
    instances.watch('keys', () => topics.push('keys'));
    const stop = instances.watch('settings', () => topics.push('settings'));
    stop();
    newest = 7;
    await until(() => told.length > 0);
    expect(told).toEqual([
      { ready: [], scheduledFor: null, lastEventId: 7, hasEndedDependency: false, moves: [], isGap: true },
    ]);
    expect(topics).toEqual(['keys']);
    expect(instances).toMatchObject({ isListening: false, count: 1 });
  });

  it('tells nothing while nothing happens, and goes on when the database was away', async () => {
    newest = null;
    let asked = 0;
    jest.spyOn(source, 'query').mockImplementation(() => {
      asked += 1;
      return asked < 2 ? Promise.reject(new Error('away')) : Promise.resolve([{ value: asked < 3 ? 0 : 5 }]);
    });
    await until(() => told.length > 0);
    expect([asked, told.map(({ lastEventId }) => lastEventId)]).toEqual([3, [5]]);
  });
});
