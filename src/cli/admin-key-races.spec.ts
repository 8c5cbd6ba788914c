import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { KeyStore, PresentedKey } from '@task/application';
import type { Principal } from '@task/domain';
import { InMemoryKeyStore } from '@task/infrastructure';
import { FixedClock } from '../../test/support/fixed-clock';
import { ensureAdminKey, type AdminKey } from './admin-key';

/** A process that starts: it stands still around whatever it asks of the database, until it is told to go on. */
class StartingProcess extends InMemoryKeyStore {
  outcome: AdminKey | null = null;
  isDead = false;
  private goOn: (() => void) | null = null;

  constructor(
    private readonly database: KeyStore,
    folder: string,
  ) {
    super(new FixedClock());
    void ensureAdminKey(this, folder).then((outcome) => (this.outcome = outcome));
  }

  get isWaiting(): boolean {
    return this.goOn !== null && !this.isDead;
  }

  step(): void {
    const { goOn } = this;
    this.goOn = null;
    goOn?.();
  }

  override async find(secret: string): Promise<PresentedKey | null> {
    const found = await this.database.find(secret);
    await this.stand();
    return found;
  }

  override async addFirst(secret: string, principal: Principal): Promise<boolean> {
    await this.stand();
    const isFirst = await this.database.addFirst(secret, principal);
    await this.stand();
    return isFirst;
  }

  private stand(): Promise<void> {
    return new Promise((resolve) => (this.goOn = resolve));
  }
}

/** Takes one way after the other through all that there are, by changing the last choice that can be changed. */
class AllWays {
  private choices: { taken: number; of: number }[] = [];
  private at = 0;
  count = 0;

  choose(of: number): number {
    const choice = this.choices[this.at] ?? { taken: 0, of };
    this.choices[this.at] = choice;
    this.at += 1;
    return choice.taken;
  }

  /** @returns false when there is no other way left */
  next(): boolean {
    this.at = 0;
    this.count += 1;
    while ((this.choices.at(-1)?.taken ?? 0) + 1 === this.choices.at(-1)?.of) this.choices.pop();
    const last = this.choices.at(-1);
    if (last !== undefined) last.taken += 1;
    return last !== undefined;
  }
}

describe('first starts at the same time', () => {
  let folder: string;
  let database: KeyStore;

  const run = async (ways: AllWays, deaths: number): Promise<readonly StartingProcess[]> => {
    const processes = [1, 2].map(() => new StartingProcess(database, folder));
    for (let mayDie = deaths; ;) {
      await turn();
      const waiting = processes.filter(({ isWaiting }) => isWaiting);
      if (waiting.length === 0) return processes;
      const chosen = ways.choose(waiting.length * (mayDie > 0 ? 2 : 1));
      const process = waiting[chosen % waiting.length];
      if (chosen < waiting.length) process?.step();
      else {
        mayDie -= 1;
        if (process !== undefined) process.isDead = true;
      }
    }
  };
  const inFolder = (): string => readFileSync(join(folder, 'admin.key'), 'utf8').trim();

  /** @returns how many ways there were */
  const everyWay = async (
    deaths: number,
    prepare: () => void,
    check: (processes: readonly StartingProcess[]) => Promise<void>,
  ): Promise<number> => {
    const ways = new AllWays();
    do {
      folder = mkdtempSync(join(tmpdir(), 'key-'));
      database = new InMemoryKeyStore(new FixedClock());
      prepare();
      await check(await run(ways, deaths));
      rmSync(folder, { recursive: true });
    } while (ways.next());
    return ways.count;
  };
  const adminKey = (): string => join(folder, 'admin.key');
  const works = async (): Promise<boolean> => (await database.find(inFolder())) !== null;

  it.each<[string, () => void, readonly string[]]>([
    ['in an empty folder', () => undefined, []],
    ['beside another database', () => writeFileSync(adminKey(), 'to_other\n'), ['to_other\n']],
  ])('end with one key that works, whatever the order, %s', async (_where, prepare, others) => {
    const ways = await everyWay(0, prepare, async (processes) => {
      expect(await works()).toBe(true);
      expect(processes.map(({ outcome }) => outcome?.file)).toEqual([adminKey(), adminKey()]);
      const told = processes.flatMap(({ outcome }) => outcome?.made ?? []);
      expect([...new Set(told)]).toEqual([inFolder()]);
      const left = readdirSync(folder).filter((name) => name !== 'admin.key');
      expect(left.map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual(others);
    });
    expect(ways).toBeGreaterThan(10);
  });

  it('end with one key that works at the next start at the latest, wherever they die', async () => {
    const ways = await everyWay(
      2,
      () => undefined,
      async (processes) => {
        const alive = processes.filter(({ isDead }) => !isDead);
        expect(alive.map(({ outcome }) => outcome?.file)).toEqual(alive.map(adminKey));
        expect(alive.length === 0 || (await works())).toBe(true);

        expect(await ensureAdminKey(database, folder)).toMatchObject({ file: adminKey() });
        expect(await works()).toBe(true);
      },
    );
    expect(ways).toBeGreaterThan(50);
  });
});
