import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { BuiltServer, scratchFolder } from '../../support/built-server';
import { check, expectNone } from '../../support/checker';
import { eventually } from '../../support/eventually';
import type { HttpAnswer } from '../../support/http-reading';
import { itNeeding } from '../../support/it-needing';
import type { RecordedClient, Held } from '../../support/recorded-client';
import { IS_FULL, Load, SEED, UNLIMITED } from './load';
import { missingSetClock, SetClock } from './set-clock';

const HOUR = 3_600;
const LEASE_SECONDS = 10;
/** What the service may take for a jump, and how often it looks. */
const LEEWAY_MS = 1_500;
const BETWEEN_MS = 1_500;
const RENEW_MS = 500;

/** Seconds to the end of what 32 bits can count, but for two. */
const to2038 = (): number => Math.round((2 ** 31 * 1_000 - Date.now()) / 1_000) - 2;
const JUMPS: Readonly<Record<string, () => number>> = {
  'two hours forward': () => 2 * HOUR,
  'two hours back': () => -2 * HOUR,
  'three days back': () => -72 * HOUR,
  'into 2038': to2038,
};
const CASES: readonly [string, readonly (() => number)[]][] = [
  [Object.keys(JUMPS).join(', then '), Object.values(JUMPS)],
  ...(IS_FULL ? Object.entries(JUMPS).map(([name, jump]) => [name, [jump]] as [string, [() => number]]) : []),
];

describe(`a service whose clock is set while it works (TEST_SEED=${SEED})`, () => {
  let folder: string;
  let clock: SetClock;
  let load: Load;
  let server: BuiltServer | undefined;
  let client: RecordedClient | undefined;

  beforeEach(() => {
    folder = scratchFolder();
    clock = new SetClock(folder);
    load = new Load();
  });
  afterEach(async () => {
    await load.end(true);
    client?.close();
    await server?.dispose();
    rmSync(folder, { recursive: true });
  });

  const claimed = async (directory: string): Promise<Held> => {
    await client?.create({ work_directory: directory, prompt: 'Take your time.' });
    const held = await client?.claim({ work_path: directory, lease_seconds: `${LEASE_SECONDS}` });
    if (held === undefined || held === null) throw new Error('nothing was handed out');
    return held;
  };

  const isFree = async ({ taskId }: Held): Promise<true | null> => {
    const { status } = (await client?.read(`/api/v1/tasks/${taskId}`)) as { status: string };
    return status === 'waiting' ? true : null;
  };

  describe.each(CASES)('%s', (name, jumps) => {
    itNeeding(missingSetClock())('takes no task too early, and keeps none', async () => {
      server = await BuiltServer.start({ ...UNLIMITED, ...clock.env }, folder);
      client = load.client(server);
      load.begin(server);
      const [alive, dead] = [await claimed('/srv/alive'), await claimed('/srv/dead')];
      const begun = performance.now();
      const answers: HttpAnswer[] = [];
      const renewing = new AbortController();
      const renewals = renew(client, alive, answers, renewing.signal);

      for (const jump of jumps) {
        await pause(BETWEEN_MS);
        const seconds = jump();
        clock.set(seconds);
        expect(Math.abs((await aheadMs(server.url)) - seconds * 1_000)).toBeLessThan(LEEWAY_MS);
      }
      await eventually(() => isFree(dead));
      const heldMs = performance.now() - begun;
      await load.reaches(50);
      renewing.abort();
      await renewals;

      expect(heldMs).toBeGreaterThan(LEASE_SECONDS * 1_000 - LEEWAY_MS);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      expect((await client.complete(alive)).status).toBe(200);
      await load.end();
      expect(load.failures).toEqual([]);
      const observed = await load.drain(server);
      // When its lease ends was said before the clock was set.
      const findings = check(load.log, observed).filter(
        ({ kind, taskId }) => kind !== 'robbed' || taskId !== dead.taskId,
      );
      expectNone(findings, load.log, observed);
      load.tell(name);
    });
  });

  /** Renews for as long as nobody says otherwise. */
  async function renew(
    by: RecordedClient,
    held: Held,
    answers: HttpAnswer[],
    signal: AbortSignal,
  ): Promise<void> {
    while (!signal.aborted) {
      answers.push(await by.heartbeat(held));
      await pause(RENEW_MS);
    }
  }
});

/** How far the service's clock is before the machine's. */
async function aheadMs(url: string): Promise<number> {
  const health = await fetch(`${url}/health`);
  const { timestamp } = (await health.json()) as { timestamp: string };
  return Date.parse(timestamp) - Date.now();
}
