import { BuiltServer } from '../../support/built-server';
import { check } from '../../support/checker';
import { startPostgres, type TestPostgres } from '../../support/postgres';
import { workOffGraphs, type WorkedOff } from './graph-run';

const ABOUT_CLIENTS = ['lost', 'unexpected', 'overtaken'];
const WITHOUT_LIMITS = { RATE_LIMIT_REQUESTS_PER_MINUTE: '0', RATE_LIMIT_BURST_SIZE: '0' };
const DATABASES = ['SQLite', 'PostgreSQL'] as const;
const WIDE = 1_000;

describe('graphs of tasks that three processes work off, of which one is killed', () => {
  const servers: BuiltServer[] = [];
  const done = new Map<string, WorkedOff>();
  let postgres: TestPostgres;

  // At once, since most of the time goes by while everybody waits for the lease of the killed one.
  beforeAll(async () => {
    postgres = await startPostgres();
    await Promise.all([
      workOff('SQLite', {}),
      workOff('PostgreSQL', { DATABASE_URL: await postgres.createDatabase() }),
    ]);
  }, 240_000);

  afterAll(async () => {
    await Promise.all(servers.map((server) => server.dispose()));
    await postgres.stop();
  });

  async function workOff(
    name: (typeof DATABASES)[number],
    env: Readonly<Record<string, string>>,
  ): Promise<void> {
    const server = await BuiltServer.start({ ...WITHOUT_LIMITS, ...env });
    servers.push(server);
    done.set(name, await workOffGraphs(server, WIDE));
  }

  describe.each(DATABASES)('on %s', (name) => {
    const run = (): WorkedOff => {
      const found = done.get(name);
      if (found === undefined) throw new Error(`nothing was worked off on ${name}`);
      return found;
    };
    const eventsOf = (command: string): Map<string, number[]> => {
      const found = run().observed.transitions.filter((event) => event.command === command);
      const byTask = Map.groupBy(found, ({ taskId }) => taskId);
      return new Map([...byTask].map(([id, events]) => [id, events.map(({ eventId }) => eventId)]));
    };
    const sumOf = async (id: string): Promise<unknown> => {
      const response = await run().server.request(`/api/v1/tasks/${id}`);
      return ((await response.json()) as { data: { result: { sum: number } } }).data.result.sum;
    };

    it('have all been done, each once', () => {
      const { observed, edges } = run();
      expect(observed.tasks.filter(({ status }) => status !== 'completed')).toEqual([]);
      expect(observed.tasks).toHaveLength(edges.size);
      expect([...eventsOf('complete').values()].filter((events) => events.length !== 1)).toEqual([]);
      expect(check([], observed).filter(({ kind }) => !ABOUT_CLIENTS.includes(kind))).toEqual([]);
    });

    it('have been done in their order: none was claimed before all that it waits for was completed', () => {
      const [claims, completions] = [eventsOf('claim'), eventsOf('complete')];
      const early = [...run().edges].filter(([id, on]) =>
        on.some((each) => (completions.get(each)?.[0] ?? Infinity) > (claims.get(id)?.[0] ?? 0)),
      );
      expect(early).toEqual([]);
    });

    it('have handed their results on, through a diamond and through a thousand', async () => {
      const { diamond, last } = run();
      expect(await Promise.all(diamond.map(sumOf))).toEqual([2, 1, 1, 1]);
      expect(await sumOf(last)).toBe(WIDE);
    });

    it('have lost nothing with the killed one: what it held went to others', () => {
      const { heldByTheKilled } = run();
      expect(heldByTheKilled.length).toBeGreaterThan(0);
      const expired = [...eventsOf('expire').keys()];
      expect(expired.sort()).toEqual([...heldByTheKilled].sort());
    });
  });
});
