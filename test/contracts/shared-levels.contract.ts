import type { BucketLevels, SharedLevels } from '@task/application';

/** What every adapter of the port SharedLevels has to do. @param open two instances that share their levels */
export function describeSharedLevels(name: string, open: () => readonly [SharedLevels, SharedLevels]): void {
  describe(`SharedLevels ${name}`, () => {
    let caller = 0;
    /** Somebody whom nobody has limited yet. */
    const newcomer = (): string => `caller ${(caller += 1)}`;

    const take = (levels: SharedLevels, who: string, tokens = 1): Promise<BucketLevels | null> =>
      levels.change(who, (before, now) => ({
        levels: {
          steadyOut: (before?.steadyOut ?? 0) + tokens,
          burstOut: (before?.burstOut ?? 0) + tokens / 4,
          at: now,
        },
        answer: before,
      }));

    it('knows nothing of a caller at first, and then what was left', async () => {
      const [here, there] = open();
      const who = newcomer();
      expect(await take(here, who, 3)).toBeNull();
      expect(await take(there, who)).toMatchObject({ steadyOut: 3, burstOut: 0.75 });
      expect(await take(here, who)).toMatchObject({ steadyOut: 4, burstOut: 1 });
    });

    it('keeps callers apart, whatever they are called', async () => {
      const [here] = open();
      const names = ["key o'neill", 'key "文" ;--', 'address 2001:db8::/64', 'key ', 'key  '];
      await Promise.all(names.map((who, index) => take(here, who, index + 1)));
      const left = await Promise.all(names.map((who) => take(here, who)));
      expect(left.map((levels) => levels?.steadyOut)).toEqual([1, 2, 3, 4, 5]);
    });

    it('gives times of one clock, which goes on', async () => {
      const [here, there] = open();
      const who = newcomer();
      await take(here, who);
      const first = await take(there, who);
      const second = await take(here, who);
      expect(second?.at).toBeGreaterThanOrEqual(first?.at ?? Infinity);
    });

    it('loses nothing of what many take at once', async () => {
      const instances = open();
      const who = newcomer();
      await Promise.all(
        Array.from({ length: 60 }, (_, index) => take(instances[index % 2] ?? instances[0], who)),
      );
      expect(await take(instances[0], who)).toMatchObject({ steadyOut: 60 });
    });

    it('passes on what a change throws, and goes on', async () => {
      const [here] = open();
      const boom = new Error('boom');
      const broken = here.change(newcomer(), () => {
        throw boom;
      });
      await expect(broken).rejects.toBe(boom);
    });
  });
}
