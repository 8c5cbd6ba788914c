import { TestQueue } from '../support/test-queue';
import { describeClaimFilters } from './task-store/claim-filters';
import { describeClaims } from './task-store/claiming';
import { describeInserts } from './task-store/inserting';
import { describeLifecycle } from './task-store/lifecycle';
import { describeLists } from './task-store/listing';
import { describePages } from './task-store/paging';
import { describeRaces } from './task-store/racing';
import { describeRefusals } from './task-store/refusing';
import { describeReopening } from './task-store/reopening';
import { describeRoundTrips } from './task-store/round-trips';
import { describeScheduling } from './task-store/scheduling';
import type { Abilities, OpenedStore, Subject } from './task-store/subject';

/**
 * What every adapter of the port TaskStore has to do.
 * @param open gives each test an empty store of its own
 * @param can  what of {@link OpenedStore} this adapter has beside the store; a wrong claim fails
 */
export function describeTaskStore(name: string, open: () => Promise<OpenedStore>, can: Abilities = {}): void {
  describe(`TaskStore ${name}`, () => {
    let opened: OpenedStore | undefined;
    let subject: Subject | undefined;

    beforeEach(async () => {
      opened = await open();
      subject = subjectOf(opened);
    });

    afterEach(async () => {
      await opened?.close();
      opened = undefined;
      subject = undefined;
    });

    const current = (): Subject => {
      if (subject === undefined) throw new Error('there is a store only while a test runs');
      return subject;
    };

    it('can do what is claimed of it, and answers', async () => {
      const abilities = { setsClock: opened?.clock !== undefined, reopens: opened?.reopen !== undefined };
      expect(abilities).toEqual({ setsClock: false, reopens: false, ...can });
      await expect(current().queue.store.ping()).resolves.toBeUndefined();
    });

    describeInserts(current);
    describeClaims(current);
    describeClaimFilters(current);
    describeScheduling(current, can);
    describeLifecycle(current);
    describeRefusals(current);
    describeRaces(current);
    describeRoundTrips(current);
    describeLists(current);
    describePages(current);
    if (can.reopens === true) describeReopening(current);
  });
}

function subjectOf({ store, clock, reopen }: OpenedStore): Subject {
  const queue = new TestQueue(store);
  return {
    queue,
    clock,
    reopen: async () => {
      if (reopen === undefined) throw new Error('this store cannot be opened again');
      return new TestQueue(await reopen(), queue.ids);
    },
  };
}
