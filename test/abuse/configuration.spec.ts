import fc from 'fast-check';
import { eventually } from '../support/eventually';
import { seedOfRun } from '../support/seeded-random';
import { AbusedService } from './abused-service';
import { NAUGHTY_KEYS, NAUGHTY_TEXTS, NAUGHTY_VALUES } from './fuzz/naughty';
import { sized } from './sized';

const SEED = seedOfRun();
const RUNS = sized(120, 4_000);
const PATH = '/api/v1/config';

type Section = Readonly<Record<string, unknown>>;

describe(`whatever is set (TEST_SEED=${SEED})`, () => {
  let service: AbusedService;

  beforeAll(async () => (service = await AbusedService.start()));
  afterAll(() => service.dispose());

  it(
    'is taken back or refused, and whoever has the key can still say otherwise',
    async () => {
      const before = await service.json('GET', PATH);
      const { origins, ...sections } = (before.body as { data: Record<string, Section> }).data;
      const fields = Object.keys(origins ?? {});
      const value = fc.oneof(
        fc.constantFrom(...NAUGHTY_VALUES),
        fc.constantFrom(...NAUGHTY_TEXTS),
        fc.nat(),
        fc.boolean(),
      );
      const field = fc.oneof(
        { weight: 5, arbitrary: fc.constantFrom(...fields) },
        fc
          .tuple(fc.constantFrom(...Object.keys(sections)), fc.constantFrom(...NAUGHTY_KEYS))
          .map((names) => names.join('.')),
        fc.constantFrom(...NAUGHTY_KEYS),
      );
      // At once, so that the proper client meets no limit that it cannot know; under the one just set, it may come first.
      const takeBack = (name: string): Promise<true> =>
        eventually(async () => {
          const { status } = await service.json('PUT', PATH, bodyOf(name, null));
          expect([200, 429]).toContain(status);
          return status === 200 ? true : null;
        });
      const seen = new Set<number>();
      const property = fc.asyncProperty(field, value, async (name, given) => {
        const { status, body } = await service.json('PUT', PATH, bodyOf(name, given));
        seen.add(status);
        expect([status, [200, 400, 422].includes(status)]).toEqual([status, true]);
        if (status !== 200)
          expect(body).toMatchObject({ success: false, error: { code: expect.any(String) } });
        if (status === 200) await takeBack(name);
      });
      await fc.assert(property, { seed: SEED, numRuns: RUNS });
      expect([...seen].sort()).toEqual([200, 400, 422]);
      expect(await service.json('GET', PATH)).toMatchObject({ status: 200, body: { data: sections } });
    },
    sized(180_000, 600_000),
  );

  it('keeps nobody from working, and brings nothing into disorder', async () => {
    expect(await service.verdict()).toMatchObject({ errors: [] });
  });
});

/** `security.rate_limit.burst_size` as objects within one another. */
function bodyOf(field: string, value: unknown): unknown {
  return field.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
}
