import { readyTasks } from '../../../../test/support/manual-commits';
import type { ClaimFilter } from '../ports/task-store';
import { claimTakes, isIn } from './claim-matches';

const at = (path: string): ClaimFilter => ({ directory: { path, recursive: false } });
const below = (path: string): ClaimFilter => ({ directory: { path, recursive: true } });

describe('claimTakes', () => {
  const tasks = readyTasks({ directory: '/srv/a', taskType: 'build', kbId: 'kb-1' });

  it.each<[ClaimFilter, boolean]>([
    [{}, true],
    [{ taskTypes: ['test', 'build'] }, true],
    [{ taskTypes: ['test'] }, false],
    [{ taskTypes: [] }, false],
    [{ kbId: 'kb-1' }, true],
    [{ kbId: 'kb-2' }, false],
    [at('/srv/a'), true],
    [at('/srv'), false],
    [below('/srv'), true],
    [{ ...below('/srv'), kbId: 'kb-1', taskTypes: ['build'] }, true],
    [{ ...below('/srv'), kbId: 'kb-1', taskTypes: ['test'] }, false],
  ])('says of %j: %p', (filter, takes) => {
    expect(claimTakes(filter, tasks)).toBe(takes);
  });

  it('gives tasks without a knowledge base or a directory to nobody who asks for one', () => {
    const without = readyTasks({ directory: null, kbId: null });
    expect([{ kbId: 'kb-1' }, at('/'), below('/')].map((filter) => claimTakes(filter, without))).toEqual([
      false,
      false,
      false,
    ]);
  });
});

describe('isIn', () => {
  it.each([
    ['/srv/a', true, true],
    ['/srv/a/b', true, false],
    ['/srv/ab', false, false],
    ['/srv', false, false],
    [null, false, false],
  ])('finds %p below /srv/a: %p, and at it: %p', (directory, isBelow, isAt) => {
    expect(isIn({ path: '/srv/a', recursive: true }, directory)).toBe(isBelow);
    expect(isIn({ path: '/srv/a', recursive: false }, directory)).toBe(isAt);
  });
});
