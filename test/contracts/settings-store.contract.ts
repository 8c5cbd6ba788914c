import type { SettingsStore, StoredValue } from '@task/application';
import { useStore, type Abilities, type OpenedStore } from './subject';

/** What every adapter of the port SettingsStore has to do. */
export function describeSettingsStore(
  name: string,
  open: () => Promise<OpenedStore>,
  { reopens = false }: Abilities = {},
): void {
  describe(`SettingsStore ${name}`, () => {
    const subject = useStore(open);
    const settings = (): SettingsStore => subject().settings;
    const write = (changes: Record<string, StoredValue | null>): Promise<void> =>
      settings().write(new Map(Object.entries(changes)));
    const read = async (): Promise<object> => Object.fromEntries(await settings().read());

    it('has nothing at first', async () => {
      expect(await read()).toEqual({});
    });

    it('keeps every kind of value as it was', async () => {
      const values = { A: 'text 文 😀 "x"', B: 0.5, C: 10_000_000, D: false, E: ['a', 'b'], F: [], G: '' };
      await write(values);
      expect(await read()).toEqual(values);
    });

    it('replaces a value, and leaves the others', async () => {
      await write({ A: 1, B: 2 });
      await write({ A: 3 });
      expect(await read()).toEqual({ A: 3, B: 2 });
    });

    it('forgets what is null, also what it never had', async () => {
      await write({ A: 1, B: 2 });
      await write({ A: null, C: null, B: 4 });
      expect(await read()).toEqual({ B: 4 });
    });

    it('writes nothing where nothing changes', async () => {
      await write({});
      expect(await read()).toEqual({});
    });

    it('takes all of a change or nothing', async () => {
      const unstorable = 1n as unknown as StoredValue;
      await write({ A: 1 });
      await expect(write({ A: 2, B: unstorable, C: 3 })).rejects.toThrow();
      expect(await read()).toEqual({ A: 1 });
    });

    it('tells those who watch that something was stored, until they stop, and of nothing that was not', async () => {
      const told = { first: 0, second: 0 };
      const stopFirst = settings().watch(() => (told.first += 1));
      const stopSecond = settings().watch(() => (told.second += 1));
      await write({ A: 1 });
      stopFirst();
      await write({ A: 2 });
      await write({ B: 1n as unknown as StoredValue }).catch(() => undefined);
      stopSecond();
      await write({ A: 3 });
      expect(told).toEqual({ first: 1, second: 2 });
    });

    it('writes while tasks are written, and breaks no transaction of theirs', async () => {
      const { queue } = subject();
      const creations = Array.from({ length: 40 }, () => queue.create());
      const writes = Array.from({ length: 20 }, (_, index) => write({ A: index, [`B${index}`]: index }));
      const failed = write({ Z: 1n as unknown as StoredValue }).catch(() => undefined);
      const created = await Promise.all(creations);
      await Promise.all([...writes, failed]);
      expect(new Set(created.map(({ id }) => id)).size).toBe(40);
      expect(Object.keys(await read())).toHaveLength(21);
    });

    if (reopens) {
      it('still has everything after it was closed and opened again', async () => {
        await write({ A: 1, B: ['x'] });
        await write({ A: null });
        const { settings: again } = await subject().reopen();
        expect(Object.fromEntries(await again.read())).toEqual({ B: ['x'] });
      });
    }
  });
}
