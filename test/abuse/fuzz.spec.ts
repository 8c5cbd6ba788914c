import type { OpenAPIObject } from '@nestjs/swagger';
import { startPostgres, type TestPostgres } from '../support/postgres';
import { seedOfRun } from '../support/seeded-random';
import { AbusedService, type Door } from './abused-service';
import { Fuzzer } from './fuzz/fuzzer';
import { KnownThings } from './fuzz/known-things';
import type { Operation } from './fuzz/operations';
import { inTurns } from './in-turns';
import { sized } from './sized';

const SEED = seedOfRun();
/** What it takes down the whole service with, is tried on one of its own. */
const CONFIGURES = 'put /api/v1/config';
/** Which share of the operations may be refused, whatever is tried, by bad luck. */
const SHARE_BY_CHANCE = sized(0.7, 0);
/** How many operations are tried side by side. */
const AT_ONCE = 4;
/** What is made to be worked with. */
const TASKS = 6;
const WORKERS = 97;
const TASK = {
  ...{ work_directory: '/srv/fuzz', prompt: 'read', priority: 'high' },
  ...{ task_type: 'document_processing', kb_id: 'kb_1' },
};
const FAIL = { method: 'POST', path: '/api/v1/tasks/KNOWN-task_id/fail', headers: {}, body: null };

interface TaskPages {
  readonly data: {
    readonly tasks: readonly { readonly metadata: { readonly created_by?: string } }[];
    readonly pagination: { readonly next_cursor: string | null };
  };
}

describe.each([
  ['SQLite', sized(20, 500)],
  ['PostgreSQL', sized(10, 500)],
])(`whatever is sent to any operation, on %s (TEST_SEED=${SEED})`, (database, runs) => {
  const known = new KnownThings();
  let postgres: TestPostgres | null = null;
  let service: AbusedService;
  let filed = 0;

  beforeAll(async () => {
    postgres = database === 'PostgreSQL' ? await startPostgres() : null;
    const env = postgres === null ? {} : { DATABASE_URL: await postgres.createDatabase() };
    service = await AbusedService.start(env, { isGoodAlone: false });
  }, 120_000);
  afterAll(async () => {
    await service.dispose();
    await postgres?.stop();
  });

  const get = async (door: Door, path: string): Promise<unknown> => {
    const { text } = await service.ask(door, { method: 'GET', path, headers: {}, body: null });
    return JSON.parse(text);
  };
  const fuzzerOf = async (doors: readonly [Door, ...Door[]]): Promise<Fuzzer> =>
    new Fuzzer(service, doors, (await get(doors[0], '/openapi.json')) as OpenAPIObject, known, prepare);

  /** Files some tasks, claims most of them, and fails one. */
  const prepare = async (): Promise<void> => {
    const post = async (path: string, body: object): Promise<void> => {
      const headers = { 'Content-Type': 'application/json' };
      const sent = { method: 'POST', path, headers, body: Buffer.from(JSON.stringify(body)) };
      known.learn(path, (await service.ask(service.doors.main[0], sent)).text);
    };
    await post('/api/v1/tasks/batch', { tasks: Array.from({ length: TASKS }, () => TASK) });
    filed += TASKS;
    await post('/api/v1/tasks/claim', {
      work_path: '/srv/fuzz',
      worker_id: `worker-${filed % WORKERS}`,
      limit: TASKS - 1,
    });
    await post(known.fill(FAIL, 0).path, { error_message: 'no' });
    await post('/api/v1/schedules', { name: `fuzz ${filed}`, cron: '0 0 29 2 *', task: TASK });
  };

  const tryAll = async (fuzzer: Fuzzer, operations: readonly Operation[]): Promise<void> => {
    const tried = await inTurns(operations, (each) => fuzzer.wrongWith(each, SEED, runs), AT_ONCE);
    filed += fuzzer.filed;
    expect(tried.filter((wrong) => wrong !== null)).toEqual([]);
    const isTaken = ({ name }: Operation): boolean =>
      [...(fuzzer.met.get(name)?.keys() ?? [])].some((status) => status < 300);
    const neverTaken = operations.filter((operation) => !isTaken(operation)).map(({ name }) => name);
    // Named where there are too many.
    expect(neverTaken.slice(operations.length * SHARE_BY_CHANCE)).toEqual([]);
  };

  it(
    'is answered as the document says: the orchestrator',
    async () => {
      const fuzzer = await fuzzerOf(service.doors.main);
      await tryAll(
        fuzzer,
        fuzzer.operations.filter(({ name }) => name !== CONFIGURES),
      );
    },
    sized(300_000, 3_600_000),
  );

  it(
    'is answered as the document says: the task manager',
    async () => {
      const fuzzer = await fuzzerOf(service.doors.manager);
      await tryAll(fuzzer, fuzzer.operations);
    },
    sized(300_000, 3_600_000),
  );

  /** All tasks but those that schedules have made, which come by themselves. */
  const filedByCallers = async (): Promise<number> => {
    let count = 0;
    for (let rest = ''; ;) {
      const { data } = (await get(service.doors.main[0], `/api/v1/tasks?limit=1000${rest}`)) as TaskPages;
      count += data.tasks.filter(({ metadata }) => !metadata.created_by?.startsWith('schedule:')).length;
      const { next_cursor: cursor } = data.pagination;
      if (cursor === null) return count;
      rest = `&cursor=${encodeURIComponent(cursor)}`;
    }
  };

  it('leaves behind what was answered with 201, and nothing else', async () => {
    const good = await service.stopGoodClient();
    expect(await filedByCallers()).toBe(filed + good.filed);
  });

  it('keeps nobody from working, and brings nothing into disorder', async () => {
    expect(await service.verdict()).toMatchObject({ complaints: [], errors: [] });
  });
});
