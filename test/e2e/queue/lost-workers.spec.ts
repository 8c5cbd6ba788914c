import { BuiltServer } from '../../support/built-server';
import { expectSound } from '../../support/checker';
import { observeOverHttp } from '../../support/checking/observe-over-http';
import type { Observed, ObservedTransition } from '../../support/checking/observed';
import type { HttpAnswer } from '../../support/http-reading';
import { startPostgres, type TestPostgres } from '../../support/postgres';
import { RecordedClient, type Held } from '../../support/recorded-client';
import { Recorder } from '../../support/recorder';
import { WorkerProcess } from '../../support/worker-process';

const TASKS = 50;
const OTHERS = 5;
const SHORTEST_LEASE_SECONDS = 10;
const LONGEST_WAIT_SECONDS = '25';
/** What was killed and what was stopped worked on tasks of its own. */
const FATES = ['killed', 'stopped'] as const;
type Fate = (typeof FATES)[number];

describe.each(['SQLite', 'PostgreSQL'])(
  'workers that are lost while each holds 50 tasks, on %s',
  (database) => {
    const recorder = new Recorder();
    const lost = new Map<Fate, WorkerProcess>();
    const takenOver = new Map<Fate, readonly Held[]>();
    const lateWhileWorking = new Map<Fate, readonly HttpAnswer[]>();
    const lateWhenDone: HttpAnswer[] = [];
    let postgres: TestPostgres | undefined;
    let server: BuiltServer;
    let clients: [RecordedClient, ...RecordedClient[]];
    let held: Observed;
    let heldAfterLateWrites: Observed;
    let done: Observed;

    beforeAll(async () => {
      await open();
      await Promise.all(FATES.map(createTasks));
      await Promise.all(FATES.map(startWorker));
      await workerOf('killed').kill();
      workerOf('stopped').stop();
      await Promise.all(FATES.map(takeOver));
      held = await observeOverHttp(clients);
      lateWhileWorking.set('killed', await completeAll(workerOf('killed').holds));
      lateWhileWorking.set('stopped', await workerOf('stopped').wake());
      heldAfterLateWrites = await observeOverHttp(clients);
      for (const fate of FATES) await completeAll(takenOver.get(fate) ?? []);
      lateWhenDone.push(...(await completeAll(workerOf('killed').holds)));
      done = await observeOverHttp(clients);
    }, 120_000);

    afterAll(async () => {
      clients.forEach((client) => client.close());
      for (const worker of lost.values()) await worker.kill();
      await server.dispose();
      await postgres?.stop();
    });

    async function open(): Promise<void> {
      const env = { RATE_LIMIT_REQUESTS_PER_MINUTE: '0', RATE_LIMIT_BURST_SIZE: '0' };
      if (database === 'PostgreSQL') postgres = await startPostgres();
      const url = await postgres?.createDatabase();
      server = await BuiltServer.start({ ...env, ...(url !== undefined && { DATABASE_URL: url }) });
      const door = { url: server.url, key: server.key };
      const newClient = (): RecordedClient => new RecordedClient(door, recorder);
      clients = [newClient(), ...Array.from({ length: 2 * OTHERS - 1 }, newClient)];
    }

    const directoryOf = (fate: Fate): string => `/srv/${fate}`;

    const workerOf = (fate: Fate): WorkerProcess => {
      const worker = lost.get(fate);
      if (worker === undefined) throw new Error(`no worker was ${fate}`);
      return worker;
    };

    async function createTasks(fate: Fate): Promise<void> {
      for (let number = 1; number <= TASKS; number += 1) {
        await clients[0].create({ work_directory: directoryOf(fate), prompt: `Do part ${number}.` });
      }
    }

    async function startWorker(fate: Fate): Promise<void> {
      const worker = await WorkerProcess.start({ url: server.url, key: server.key }, recorder, {
        ...{ work_path: directoryOf(fate), worker_id: fate },
        ...{ limit: TASKS, lease_seconds: SHORTEST_LEASE_SECONDS },
      });
      lost.set(fate, worker);
    }

    /** Others wait until there is something for them: nobody asks again and again. */
    async function takeOver(fate: Fate, place: number): Promise<void> {
      const own = clients.slice(place * OTHERS, (place + 1) * OTHERS);
      const shares = await Promise.all(
        own.map(async (client, index) => {
          const share: Held[] = [];
          const query = { work_path: directoryOf(fate), worker_id: `other-${index}` };
          while (share.length < TASKS / OTHERS) {
            const got = await client.claim({ ...query, wait: LONGEST_WAIT_SECONDS });
            if (got === null) break;
            share.push(got);
          }
          return share;
        }),
      );
      takenOver.set(fate, shares.flat());
    }

    async function completeAll(tasks: readonly Held[]): Promise<HttpAnswer[]> {
      const answers: HttpAnswer[] = [];
      for (const task of tasks) answers.push(await clients[0].complete(task));
      return answers;
    }

    const idsOf = (tasks: readonly Held[]): string[] => tasks.map(({ taskId }) => taskId).sort();
    const ended = (command: string): ObservedTransition[] =>
      done.transitions.filter((row) => row.command === command);
    const leaseLost = (status: string): unknown =>
      expect.objectContaining({
        status: 409,
        body: expect.objectContaining({
          error: expect.objectContaining({ code: 'CONFLICT', details: { code: 'LEASE_LOST', status } }),
        }),
      });

    it.each(FATES)('hands all that the %s one held to others, as the second attempt', (fate) => {
      const others = takenOver.get(fate) ?? [];
      expect(workerOf(fate).holds).toHaveLength(TASKS);
      expect(idsOf(others)).toEqual(idsOf(workerOf(fate).holds));
      expect(new Set(others.map(({ attempt }) => attempt))).toEqual(new Set([2]));
    });

    it('takes nothing from anybody before the lease has run out', () => {
      const claims = new Map(
        ended('claim').flatMap((row) => (row.attempt === 1 ? [[row.taskId, row.at] as const] : [])),
      );
      const expiries = ended('expire');
      expect(expiries).toHaveLength(2 * TASKS);
      for (const { taskId, attempt, workerId, at } of expiries) {
        expect([attempt, FATES.includes(workerId as Fate)]).toEqual([1, true]);
        expect(at - (claims.get(taskId) ?? Number.NaN)).toBeGreaterThanOrEqual(SHORTEST_LEASE_SECONDS * 1000);
      }
    });

    it.each(FATES)('refuses every late completion with the tokens of the %s one', (fate) => {
      expect(lateWhileWorking.get(fate)).toEqual(Array<unknown>(TASKS).fill(leaseLost('working')));
    });

    it('changes nothing by a late completion', () => {
      expect(heldAfterLateWrites).toEqual(held);
      expect(new Set(held.tasks.map(({ status }) => status))).toEqual(new Set(['working']));
    });

    it('refuses them still when others have done the work', () => {
      expect(lateWhenDone).toEqual(Array<unknown>(TASKS).fill(leaseLost('completed')));
    });

    it('has every task completed once, by who took it over', () => {
      const completions = ended('complete');
      expect(new Set(completions.map(({ taskId }) => taskId)).size).toBe(2 * TASKS);
      expect(completions).toHaveLength(2 * TASKS);
      for (const { attempt, workerId } of completions)
        expect([attempt, workerId]).toEqual([2, expect.stringMatching(/^other-/)]);
      expect(done.tasks.map(({ status, retryCount }) => [status, retryCount])).toEqual(
        Array<unknown>(2 * TASKS).fill(['completed', 1]),
      );
    });

    it('has told every client the truth', () => {
      expectSound(recorder.log, done);
    });
  },
);
