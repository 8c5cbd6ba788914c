import { join } from 'node:path';
import { openBenchStore } from '../../bench/seeding.mjs';
import { own } from '../install.mjs';
import { textOf } from '../work.mjs';

const DIRECTORY = '/srv/bench/peers';
const CALL = { actor: 'bench', signal: { aborted: false } };
const BATCH = 1000;

/** The use cases and the store of the service in this process, without HTTP: what is left of the price is theirs. */
export async function open({ database }) {
  const { ClaimNextTask, ClaimTasks, CompleteTask, CreateTask, CreateTasks, MemoryGuard, WaitingClaims } =
    built('application');
  const { LiveSettings, loadSettings, ProcessMemory, RandomIds, SettingsPolicy, SystemClock, SystemTimers } =
    built('infrastructure');
  const { JsonDocument } = built('domain');
  const store = await openBenchStore(join(database, 'tasks.db'));
  const { tasks } = store;
  const ids = new RandomIds();
  const policy = new SettingsPolicy(new LiveSettings(loadSettings({ env: {}, cwd: database })).values);
  const timers = new SystemTimers();
  const waiting = new WaitingClaims(tasks, new SystemClock(), timers, store.commits);
  const memory = new MemoryGuard(new ProcessMemory(), policy, timers);
  const createTasks = new CreateTasks(tasks, ids, policy, memory);
  const createTask = new CreateTask(createTasks);
  const claimNext = new ClaimNextTask(new ClaimTasks(tasks, ids, policy, waiting));
  const completeTask = new CompleteTask(tasks, policy);
  return {
    pid: process.pid,
    version: own('./package.json').version,
    settings: 'use cases and store in process, SQLite, synchronous=FULL',
    file: (number) => createTask.execute(draftOf(number), CALL),
    claim: () => claimNext.execute({ workPath: DIRECTORY, workerId: 'worker-1' }, CALL),
    complete: ({ id, state }) =>
      completeTask.execute(
        {
          taskId: id,
          result: JsonDocument.of({ status: 'success' }),
          proof: { leaseToken: state.lease.token },
        },
        CALL,
      ),
    async seed(count) {
      for (let first = 0; first < count; first += BATCH) {
        const size = Math.min(BATCH, count - first);
        const drafts = Array.from({ length: size }, (_, index) => draftOf(first + index));
        await createTasks.execute(drafts, CALL);
      }
    },
    async close() {
      waiting.close();
      await store.close();
    },
  };
}

function draftOf(number) {
  return { workDirectory: DIRECTORY, prompt: textOf(number) };
}

function built(lib) {
  return own(`./dist/libs/${lib}/src/index.js`);
}
