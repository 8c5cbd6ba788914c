import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { bytesIn, FamilyMemory } from './processes.mjs';
import { fileTasks, finishTasks } from './work.mjs';

// One contestant in a process of its own, so that what one leaves behind burdens no other: opens it, lets it do one part
// of the work, closes it, and tells its figures over the channel.

const { name, part, folder, tasks, waiting, warmUp, atOnce, timeoutMs } = JSON.parse(process.argv[2]);
// Whoever started this is gone: nothing here goes on alone.
process.once('disconnect', () => process.exit(1));

const database = join(folder, 'data');
mkdirSync(database, { recursive: true, mode: 0o755 });
const { open } = await import(`./contestants/${name}.mjs`);

const PARTS = {
  /** Files so many tasks into an empty queue, then has them all done. */
  async empty(contestant, many) {
    // Translated, planned and cached is what is used for long, and that is what is measured.
    await fileTasks(contestant, warmUp, many);
    await finishTasks(contestant, warmUp, many);
    const memory = new FamilyMemory(contestant.pid);
    const filed = await fileTasks(contestant, tasks, many);
    const finished = await finishTasks(contestant, tasks, many);
    return { ...filed, ...finished, memory_bytes: memory.end() };
  },

  /** Brings in what is to wait, by whatever is quickest. */
  async seed(contestant) {
    const begun = performance.now();
    await contestant.seed(waiting);
    return { seconds: (performance.now() - begun) / 1000 };
  },

  /** Has as many done as in the empty queue, beside those that wait. */
  async full(contestant, many) {
    // As warm as in the empty queue, where as many were filed before.
    await finishTasks(contestant, warmUp + tasks, many);
    const memory = new FamilyMemory(contestant.pid);
    const finished = await finishTasks(contestant, tasks, many);
    return { ...finished, memory_bytes: memory.end() };
  },
};

const outcome = await compete().catch((error) => ({ failure: inOneLine(error) }));
process.send(outcome, () => process.exit(0));

function inOneLine(error) {
  return String(error?.message ?? error)
    .replace(/\s+/g, ' ')
    .slice(0, 250);
}

async function compete() {
  const contestant = await open({ folder, database, atOnce });
  // Counted from here: a server may take long to read what waits.
  const deadline = performance.now() + timeoutMs;
  try {
    const figures = await PARTS[part](contestant, { atOnce: contestant.atOnce ?? atOnce, deadline });
    const disk = bytesIn(database);
    const { version, settings } = contestant;
    return { figures: { ...figures, disk_bytes: disk }, version, settings };
  } finally {
    await contestant.close();
  }
}
