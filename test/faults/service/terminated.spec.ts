import { BuiltServer } from '../../support/built-server';
import type { RecordedClient } from '../../support/recorded-client';
import { EventClient } from '../../e2e/http/event-client';
import { IS_FULL, Load, SEED, UNLIMITED } from './load';

const ROUNDS = IS_FULL ? 10 : 1;
const BETWEEN = IS_FULL ? 300 : 100;
const POLLERS = 5;

describe(`a service that is stopped with SIGTERM while all work, poll and follow (TEST_SEED=${SEED})`, () => {
  const load = new Load();
  let server: BuiltServer;
  let pollers: RecordedClient[];
  /** Ids of events, as a follower got them that took up each stream where the last one had ended. */
  const seen: string[] = [];

  beforeAll(async () => {
    server = await BuiltServer.start(UNLIMITED);
  });
  afterAll(async () => {
    await load.end(true);
    for (const poller of pollers) poller.close();
    await server.dispose();
  });

  async function follow(): Promise<EventClient> {
    const after = { 'Last-Event-ID': seen.at(-1) ?? '0' };
    return EventClient.open(`${server.url}/api/v1/events`, after, server.key);
  }

  /** Claims that nothing comes for. */
  function poll(): Promise<unknown> {
    pollers = Array.from({ length: POLLERS }, () => load.client(server));
    return Promise.all(
      pollers.map((each) => each.claim({ work_path: '/srv/nothing', wait: '20' }).catch(() => null)),
    );
  }

  it('ends at once with code 0, loses nothing, and shows who follows every event once', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      load.begin(server);
      const polls = poll();
      const follower = await follow();
      await load.reaches(BETWEEN);
      expect(await server.stop()).toEqual({ code: 0, signal: null });
      await load.end(true);
      await polls;
      expect(await follower.ended()).toBe('ended');
      seen.push(...follower.events.flatMap(({ id }) => (id === undefined ? [] : [id])));
      await server.restart();
    }
    const observed = await load.drain(server);
    load.expectSound(observed, `SIGTERM, ${ROUNDS} times`);

    const follower = await follow();
    const left = observed.transitions.length - seen.length;
    const rest = await follower.until(left);
    follower.close();
    expect([...seen, ...rest.map(({ id }) => id)].map(Number)).toEqual(
      observed.transitions.map((_, index) => index + 1),
    );
  });
});
