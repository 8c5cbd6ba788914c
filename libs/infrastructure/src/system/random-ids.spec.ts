import { RandomIds } from './random-ids';

const ids = new RandomIds();
const thousand = <T>(make: () => T): T[] => Array.from({ length: 1000 }, make);

describe('RandomIds', () => {
  it('gives a UUID v4 to each task, and none twice', () => {
    const given = thousand(() => ids.taskId());
    expect(new Set(given).size).toBe(1000);
    for (const id of given)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('gives a token of 128 bits to each claim, and none twice', () => {
    const given = thousand(() => ids.leaseToken());
    expect(new Set(given).size).toBe(1000);
    for (const token of given) expect(token).toMatch(/^[0-9a-f]{32}$/);
  });
});
