import { describeClaimFilters } from './task-store/claim-filters';
import { describeClaims } from './task-store/claiming';
import { describeClockJumps } from './task-store/clock-jumps';
import { describeDependencies } from './task-store/depending';
import { describeClaimKeys } from './task-store/idempotency/claiming';
import { describeKeptOutcomes } from './task-store/idempotency/keeping';
import { describeKeyRaces } from './task-store/idempotency/racing';
import { describeRepeats } from './task-store/idempotency/repeating';
import { describeReusedKeys } from './task-store/idempotency/reusing';
import { describeKeyTimes } from './task-store/idempotency/times';
import { describeInserts } from './task-store/inserting';
import { describeLapses } from './task-store/lapsing';
import { describeLifecycle } from './task-store/lifecycle';
import { describeLine } from './task-store/line';
import { describeLists } from './task-store/listing';
import { describePages } from './task-store/paging';
import { describeManyDirectories } from './task-store/many-directories';
import { describeRaces } from './task-store/racing';
import { describeRefusals } from './task-store/refusing';
import { describeRenewals } from './task-store/renewing';
import { describeReopening } from './task-store/reopening';
import { describeRoundTrips } from './task-store/round-trips';
import { describeScheduling } from './task-store/scheduling';
import { useStore, type Abilities, type OpenedStore } from './subject';

/**
 * What every adapter of the port TaskStore has to do.
 * @param open gives each test an empty store of its own
 * @param can  what of {@link OpenedStore} this adapter has beside the store; a wrong claim fails
 */
export function describeTaskStore(name: string, open: () => Promise<OpenedStore>, can: Abilities = {}): void {
  describe(`TaskStore ${name}`, () => {
    const current = useStore(open);

    it('answers', async () => {
      await expect(current().queue.store.ping()).resolves.toBeUndefined();
    });

    it('can do what is claimed of it', async () => {
      const opened = await open();
      const abilities = { setsClock: opened.clock !== undefined, reopens: opened.reopen !== undefined };
      await opened.close();
      expect(abilities).toEqual({ setsClock: false, reopens: false, ...can });
    });

    describeInserts(current);
    describeClaims(current);
    describeClaimFilters(current);
    describeScheduling(current, can);
    describeDependencies(current);
    describeLifecycle(current);
    describeRenewals(current);
    describeLapses(current, can);
    describeClockJumps(current, can);
    describeRepeats(current);
    describeKeptOutcomes(current);
    describeReusedKeys(current);
    describeClaimKeys(current);
    describeKeyRaces(current);
    describeKeyTimes(current, can);
    describeLine(current);
    describeRefusals(current);
    describeRaces(current);
    describeRoundTrips(current);
    describeLists(current);
    describePages(current);
    describeManyDirectories(current);
    if (can.reopens === true) describeReopening(current);
  });
}
