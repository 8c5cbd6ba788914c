import type { Position, TaskPageRequest, TaskStore } from '@task/application';
import { TestQueue } from '../../../../test/support/test-queue';

/** Few enough that lists of this size reach it: no tag has the order of priorities. */
const LOOKED_AT_MOST = 8;
const OLDEST_TAGGED = 10;
const TASKS = 40;
const REQUEST: TaskPageRequest = {
  filter: { tags: { names: ['rare'], mode: 'all' }, status: 'waiting' },
  ...{ sort: { by: 'priority', order: 'desc' }, limit: 1, offset: 0, after: null },
};

interface ListedSeqs {
  readonly seqs: readonly number[];
  readonly next: Position | null;
}

interface Lists {
  read(request: TaskPageRequest): Promise<ListedSeqs>;
}

/** An empty store, and what lists its tasks and looks at no more of them in vain than that. */
export interface BoundedLists {
  readonly tasks: TaskStore;
  readonly listsOf: (lookedAtMost?: number) => Lists;
  readonly remove: () => Promise<void>;
}

/** That lists which pick few tasks out of very many have an end, and lose none. */
export function describeBoundedLists(name: string, open: () => Promise<BoundedLists>): void {
  describe(`lists on ${name}`, () => {
    let opened: BoundedLists;

    beforeEach(async () => {
      opened = await open();
      const tagsOf = (index: number): string[] => (index < OLDEST_TAGGED ? ['rare'] : []);
      await new TestQueue(opened.tasks).createAll(
        Array.from({ length: TASKS }, (_, index) => ({ tags: tagsOf(index) })),
      );
    });
    afterEach(() => opened.remove());

    it('end a page that finds too little, and go on from there', async () => {
      const lists = opened.listsOf(LOOKED_AT_MOST);
      expect(await lists.read(REQUEST)).toMatchObject({
        seqs: [],
        next: [expect.any(Number), expect.any(Number), expect.any(Number)],
      });
      const pages: ListedSeqs[] = [];
      let after: Position | null = null;
      do {
        const page: ListedSeqs = await lists.read({ ...REQUEST, after });
        pages.push(page);
        after = page.next;
      } while (after !== null && pages.length < TASKS);
      const whole = await opened.listsOf().read({ ...REQUEST, limit: TASKS });
      expect(whole.seqs).toHaveLength(OLDEST_TAGGED);
      expect(pages.flatMap(({ seqs }) => seqs)).toEqual(whole.seqs);
    });
  });
}
