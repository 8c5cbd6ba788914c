import type { AuditEntry, AuditFilter, AuditLog, AuditPosition, AuditRecord } from '@task/application';
import { untilLater, useStore, type Abilities, type OpenedStore } from './subject';

const CREATED: AuditRecord = {
  actor: 'root',
  action: 'key.create',
  outcome: 'done',
  target: 'k-1',
  origin: { address: '192.0.2.1', requestId: 'r-1' },
  details: { name: '钥匙', roles: ['reader'] },
};
const REFUSED: AuditRecord = {
  actor: null,
  action: 'access.refused',
  outcome: 'refused',
  target: null,
  count: 17,
};

/** What every adapter of the port AuditLog has to do. */
export function describeAuditLog(
  name: string,
  open: () => Promise<OpenedStore>,
  { reopens = false }: Abilities,
): void {
  describe(`AuditLog ${name}`, () => {
    const subject = useStore(open);
    const log = (): AuditLog => subject().audit;
    const read = async (filter: AuditFilter = {}): Promise<readonly AuditEntry[]> =>
      (await log().list(filter, 1000, null)).entries;
    const targets = async (filter: AuditFilter = {}): Promise<(string | null)[]> =>
      (await read(filter)).map(({ target }) => target);

    it('is empty at first', async () => {
      expect(await log().list({}, 10, null)).toEqual({ entries: [], next: null });
    });

    it('keeps everything that is said about a thing, and when it was written down', async () => {
      await log().record(CREATED);
      const [entry] = await read();
      expect(entry).toEqual({
        ...{ id: expect.any(Number), at: expect.any(Number) },
        ...{ actor: 'root', action: 'key.create', outcome: 'done', target: 'k-1' },
        ...{ address: '192.0.2.1', requestId: 'r-1', count: 1, details: CREATED.details },
      });
    });

    it('keeps what is not known as not known', async () => {
      await log().record(REFUSED);
      expect(await read()).toMatchObject([
        { actor: null, target: null, address: null, requestId: null, count: 17, details: {} },
      ]);
    });

    it('tells the latest first, those of the same moment too', async () => {
      await log().record({ ...CREATED, target: 'a' }, { ...CREATED, target: 'b' });
      await untilLater(subject());
      await log().record({ ...CREATED, target: 'c' });
      expect(await targets()).toEqual(['c', 'b', 'a']);
    });

    it('writes nothing when there is nothing to write', async () => {
      await log().record();
      expect(await read()).toEqual([]);
    });

    it('finds by who, by what, and by both', async () => {
      await log().record(
        { ...CREATED, target: 'a' },
        { ...CREATED, target: 'b', actor: 'other' },
        { ...CREATED, target: 'c', action: 'key.revoke' },
        { ...REFUSED, target: 'd' },
      );
      expect(await targets({ actor: 'root' })).toEqual(['c', 'a']);
      expect(await targets({ action: 'key.create' })).toEqual(['b', 'a']);
      expect(await targets({ actor: 'root', action: 'key.revoke' })).toEqual(['c']);
      expect(await targets({ actor: "' OR ''='" })).toEqual([]);
    });

    it('finds by time: the beginning included, the end not', async () => {
      await log().record({ ...CREATED, target: 'a' });
      await untilLater(subject());
      await log().record({ ...CREATED, target: 'b' });
      const [later, earlier] = (await read()).map(({ at }) => at);
      expect(await targets({ after: later ?? 0 })).toEqual(['b']);
      expect(await targets({ before: later ?? 0 })).toEqual(['a']);
      expect(await targets({ after: earlier ?? 0, before: (later ?? 0) + 1 })).toEqual(['b', 'a']);
    });

    it('goes through the pages without a gap or a repeat, whatever is added meanwhile', async () => {
      await log().record(...Array.from({ length: 7 }, (_, index) => ({ ...CREATED, target: `${index}` })));
      const seen: (string | null)[] = [];
      let behind: AuditPosition | null = null;
      do {
        const page = await log().list({ actor: 'root' }, 3, behind);
        seen.push(...page.entries.map(({ target }) => target));
        behind = page.next;
        await log().record({ ...CREATED, target: 'new' });
      } while (behind !== null);
      expect(seen).toEqual(['6', '5', '4', '3', '2', '1', '0']);
    });

    it('does not promise a page that is not there', async () => {
      await log().record(CREATED, CREATED);
      expect((await log().list({}, 2, null)).next).toBeNull();
    });

    if (reopens) {
      it('is there when the store is opened again', async () => {
        await log().record(CREATED);
        const before = await read();
        const again = await subject().reopen();
        expect((await again.audit.list({}, 10, null)).entries).toEqual(before);
      });
    }
  });
}
