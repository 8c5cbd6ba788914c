import type { Commit } from '@task/application';
import { readyTasks } from '../../../../../../test/support/manual-commits';
import { bulletinOf, newsIn, type News } from './bulletin';

const NOTHING: Commit = {
  ready: [],
  scheduledFor: null,
  lastEventId: null,
  hasEndedDependency: false,
  moves: [],
};

describe('what instances tell each other', () => {
  const news = (commit: Partial<Commit>, topics: News['topics'] = []): News => ({
    from: 'a',
    commit: { ...NOTHING, ...commit },
    topics,
  });
  const arrived = (told: News): News | null => newsIn(bulletinOf(told) ?? '');

  it.each<[string, News]>([
    ['an event', news({ lastEventId: 7 })],
    ['tasks that became claimable', news({ ready: [readyTasks({ kbId: 'kb', count: 3 }), readyTasks()] })],
    ['the next time', news({ scheduledFor: 1_700_000_000_000, lastEventId: 8 })],
    ['keys and settings', news({}, ['keys', 'settings'])],
    ['a gap', news({ isGap: true, lastEventId: 9 })],
    [
      'names with anything in them',
      news({ ready: [readyTasks({ directory: `/a'b\\"文`, taskType: "';--" })] }),
    ],
  ])('arrives as it was told: %s', (_, told) => {
    expect(arrived(told)).toEqual(told);
  });

  it('is nothing where there is nothing to tell', () => {
    expect(bulletinOf(news({}))).toBeNull();
  });

  it('is that anything may have happened where it would be too long for the database', () => {
    const ready = Array.from({ length: 200 }, (_, index) =>
      readyTasks({ directory: `/文/${'x'.repeat(40)}/${index}` }),
    );
    const told = bulletinOf(news({ ready, lastEventId: 5 }, ['keys'])) ?? '';
    expect(Buffer.byteLength(told)).toBeLessThan(8_000);
    expect(newsIn(told)).toEqual(news({ isGap: true, lastEventId: 5 }, ['keys']));
  });

  it.each(['{"i":"one","r":5}', '{"i":"one","r":[[1]]}', '{"i":"one","t":["else"]}', '{"i":"one","e":"5"}'])(
    'is that anything may have happened where another release tells it in other words: %s',
    (text) => {
      expect(newsIn(text)).toEqual({ ...news({ isGap: true }, ['keys', 'settings']), from: 'one' });
    },
  );

  it.each(['', '{', 'null', '[]', '"a"', '{"i":1}'])(
    'is nothing that somebody else has written: %s',
    (text) => {
      expect(newsIn(text)).toBeNull();
    },
  );
});
