import { Client } from 'pg';
import { BuiltServer } from '../../support/built-server';
import { execute, startPostgres, type TestPostgres } from '../../support/postgres';
import { IS_FULL, Load, SEED, UNLIMITED } from './load';

const ROUNDS = IS_FULL ? 4 : 1;
const BETWEEN = IS_FULL ? 300 : 100;
const FEW = { DATABASE_MAX_CONNECTIONS: '3', DATABASE_TIMEOUT_SECONDS: '2' } as const;
const CUT_OFF = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`;

describe(`a service on a PostgreSQL that meets faults (TEST_SEED=${SEED})`, () => {
  let postgres: TestPostgres;
  let url: string;
  let load: Load;
  let server: BuiltServer;

  beforeAll(async () => {
    postgres = await startPostgres(['-c', 'fsync=on']);
  });
  afterAll(() => postgres.stop());

  beforeEach(async () => {
    url = await postgres.createDatabase();
    load = new Load();
    server = await BuiltServer.start({ ...UNLIMITED, ...FEW, DATABASE_URL: url });
    load.begin(server);
  });
  afterEach(async () => {
    await load.end(true);
    await server.dispose();
  });

  const again = async (stop: () => Promise<void>): Promise<void> => {
    await stop();
    await load.isTold(502);
    await postgres.resume();
  };
  const cutOff = async (): Promise<void> => {
    await execute(url, CUT_OFF);
  };
  /** Every connection that asks for a task waits for whoever holds them all. */
  const exhaust = async (): Promise<void> => {
    const holder = new Client({ connectionString: url });
    // It is cut off with all others when a test ends early.
    holder.on('error', () => undefined);
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE tasks, counters IN ACCESS EXCLUSIVE MODE');
    const asked = Array.from({ length: 12 }, () => server.request('/api/v1/tasks'));
    await load.isTold(503);
    await holder.query('ROLLBACK');
    await holder.end();
    for (const answer of await Promise.all(asked)) expect([200, 503, 504]).toContain(answer.status);
  };

  const inAnyCase: [string, () => Promise<void>][] = [
    ['is restarted immediately', () => again(() => postgres.crash())],
    ['has its connections exhausted by a lock', exhaust],
  ];
  // In little, the store alone meets these: postgres-stopped.spec.ts.
  const atLength: typeof inAnyCase = [
    ['is restarted fast', () => again(() => postgres.halt())],
    ['has its backends killed', cutOff],
  ];
  it.each([...inAnyCase, ...(IS_FULL ? atLength : [])])(
    'loses nothing that it acknowledged, and goes on by itself, when it %s',
    async (fault, strike) => {
      for (let round = 0; round < ROUNDS; round += 1) {
        await load.reaches(BETWEEN);
        await strike();
        await load.reaches(BETWEEN);
      }
      await load.end();
      load.expectSound(await load.drain(server), `PostgreSQL ${fault}`);
    },
  );
});
