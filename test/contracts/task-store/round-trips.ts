import { JsonDocument, Task, type TaskDraft } from '@task/domain';
import { ACTOR, CALL, failure, RETRY, TASK_ID } from '../../support/builders';
import { only } from '../../support/test-queue';
import type { Subject } from '../subject';

/** Text that something on the way to a disk is likely to change. */
const TEXTS = {
  chinese: '请分析这个代码库中的性能问题，并提出优化建议',
  emoji: '👩🏽‍🚀🏳️‍🌈 \u{1f9ff}',
  combining: 'e\u0301 is not \u00e9, \u212b is not \u00c5',
  quotes: `it's "quoted" \`so\` \\' \\" $1 :name ?1 %s %_ -- /* */ ;`,
  blanks: '  two before,\ttab,\r\nline, end \n',
  invisible: 'a\u200b\ufeff\u00a0\u2028\u2029\u202eb',
  controls: '\u0001\u001f\u007f\u0085\ufffd\uffff',
  longest: '😀'.repeat(10_000),
};

const JSON_TEXTS = {
  prototype: '{"__proto__":{"admin":true},"constructor":1,"hasOwnProperty":null}',
  order: '{"b":1,"a":2,"1":3,"b2":{"z":[],"y":{}}}',
  numbers: '{"big":12345678901234567890,"small":1e-300,"minusZero":-0,"exact":1.10}',
  escapes: '{"nul":"\\u0000","line":"\\n","half":"\\ud800","slash":"\\/"}',
  blanks: '{ "a" : [ 1 , 2 ] }',
  unicode: '{"键":"值 😀"}',
  empty: '{}',
  deep: `${'{"a":'.repeat(63)}{}${'}'.repeat(63)}`,
  big: JSON.stringify({ text: 'x'.repeat(200_000), list: Array.from({ length: 1000 }, (_, index) => index) }),
};

const FULL: TaskDraft = {
  taskType: 'code_review.v2-x',
  workDirectory: '/srv/项目//a/../b/',
  kbId: 'kb – 1',
  prompt: TEXTS.emoji,
  payload: JsonDocument.fromText('{"p":[1,{"q":null}]}'),
  priority: 10,
  tags: ['b', 'a', '标签', 'with,comma', 'with "quotes"', 'b ', 'B'],
  metadata: JsonDocument.fromText('{"m":true}'),
  availableAt: 1,
  timeoutSeconds: 604_800,
  maxRetries: 100,
  autoRetry: true,
  concurrencyKey: 'Schlüssel 😀',
};

export function describeRoundTrips(subject: () => Subject): void {
  /** Stores a task, and gets what the store tells of it by each of its methods. */
  const readings = async (
    changes: Partial<TaskDraft>,
  ): Promise<{ created: Task; read: (Task | undefined)[] }> => {
    const { queue } = subject();
    const created = await queue.create(changes);
    const read = [await queue.stored(created), only(await queue.all()), undefined as Task | undefined];
    await queue.update(created, (task) => {
      read[2] = task;
      return { task, effects: [] };
    });
    return { created, read };
  };
  const expectKept = async (changes: Partial<TaskDraft>): Promise<void> => {
    const { created, read } = await readings(changes);
    for (const task of read) expect(task?.state).toEqual(created.state);
    expect(created.state).toMatchObject(changes);
  };

  describe('keeping', () => {
    it('every field of a draft', () => expectKept(FULL));

    it('what was left out as left out', () =>
      expectKept({ workDirectory: null, kbId: null, prompt: null, payload: null, tags: [], metadata: null }));

    it.each(Object.entries(TEXTS))('text: %s', (_, prompt) => expectKept({ prompt }));

    it.each(Object.entries(JSON_TEXTS))('JSON, letter by letter: %s', async (_, json) => {
      const payload = JsonDocument.fromText(json);
      const { read } = await readings({ payload, metadata: payload });
      expect(read.map((task) => task?.state.payload?.text)).toEqual([json, json, json]);
      expect(read.map((task) => task?.state.metadata?.text)).toEqual([json, json, json]);
    });

    it.each([0, 1, 2 ** 31, 2 ** 41 + 1, 253_402_300_799_999])('the time %d', (availableAt) =>
      expectKept({ availableAt }),
    );

    it('tags in their order, up to 32', () =>
      expectKept({
        tags: Array.from({ length: 32 }, (_, index) => `${'t'.repeat(90)}${(index * 13) % 32}`),
      }));

    it('a tag given twice as it was given', () => expectKept({ tags: ['twice', 'once', 'twice'] }));

    it.each(['null', '0', '""', 'false', '[]', '"a text"', ...Object.values(JSON_TEXTS)])(
      'the result %s',
      async (json) => {
        const { queue } = subject();
        await queue.create();
        const done = await queue.complete(await queue.claimed(), JsonDocument.fromText(json));
        expect((await queue.stored(done)).state.result?.text).toBe(json);
        expect((await queue.stored(done)).state).toEqual(done.state);
      },
    );

    it('no result as no result', async () => {
      const { queue } = subject();
      await queue.create();
      const done = await queue.complete(await queue.claimed(), null);
      expect((await queue.stored(done)).state.result).toBeNull();
    });

    it.each(Object.entries(TEXTS))('words of workers and callers: %s', async (_, text) => {
      const { queue } = subject();
      await queue.create();
      const claimed = await queue.claimed();
      await queue.update(claimed, (task, now) => task.renew({ progress: 7, message: text }, {}, now));
      expect((await queue.stored(claimed)).state.lease?.progressMessage).toBe(text);
      const failed = await queue.fail(claimed, { errorMessage: text, result: JsonDocument.of([text]) });
      expect((await queue.stored(failed)).state).toEqual(failed.state);
      const cancelled = await queue.cancel(failed, text);
      expect((await queue.stored(failed)).state).toEqual(cancelled.state);
      expect((await queue.history(failed)).map(({ details }) => details?.reason)).toEqual([
        ...[undefined, undefined],
        ...[text, text],
      ]);
    });

    it('an empty progress message apart from none', async () => {
      const { queue } = subject();
      await queue.create();
      const claimed = await queue.claimed();
      expect((await queue.stored(claimed)).state.lease?.progressMessage).toBeNull();
      await queue.update(claimed, (task, now) => task.renew({ message: '' }, {}, now));
      expect((await queue.stored(claimed)).state.lease?.progressMessage).toBe('');
    });

    it('a lease without a worker’s name', async () => {
      const { queue } = subject();
      await queue.create();
      const claimed = await queue.claimed({}, { workerId: null });
      expect((await queue.stored(claimed)).state).toEqual(claimed.state);
    });

    it('every field at once through a whole life', async () => {
      const { queue } = subject();
      const task = await queue.create(FULL);
      const { state } = await queue.claimed();
      const failed = await queue.update(task, (current, now) =>
        current.fail(
          failure({ result: JsonDocument.of({ half: 'done' }) }),
          {},
          { ...RETRY, baseMs: 0 },
          'key',
          now,
        ),
      );
      expect((await queue.stored(task)).state).toEqual(failed.state);
      expect(failed.state).toMatchObject({
        ...FULL,
        retryCount: 1,
        lease: { ...state.lease, endedBy: 'fail' },
      });
      const cancelled = await queue.cancel(task, TEXTS.chinese);
      expect((await queue.stored(task)).state).toEqual(cancelled.state);
    });

    it('what a caller’s list was when it was given', async () => {
      const { queue } = subject();
      const tags = ['a'];
      const task = await queue.create({ tags });
      tags.push('b');
      expect((await queue.stored(task)).state.tags).toEqual(['a']);
    });

    it('who created and who changed it', async () => {
      const { queue } = subject();
      await queue.store.insert((now) => [Task.create(FULL, TASK_ID, '键 1', now)], CALL.signal);
      const task = await queue.store.update(
        TASK_ID,
        (current, now) => current.cancel(null, true, ACTOR, now),
        CALL.signal,
      );
      expect((await queue.stored(task)).state).toMatchObject({ createdBy: '键 1', updatedBy: ACTOR });
    });
  });
}
