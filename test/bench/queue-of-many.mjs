/** Who creates and claims. */
export const PEOPLE = 'bench';

const COMMON = '/srv/queue/common';
const RARE = '/srv/queue/rare';
const OTHERS = 998;
/** Where tasks are that share a concurrency key. */
export const SHARED = '/srv/queue/shared';

/**
 * Where each task of a long queue belongs: one in the rare directory; from the beginning one in each of the others,
 * 1 000 directories in all; of the rest every second in the common one.
 */
export function directoryOf(number) {
  if (number === 0) return RARE;
  if (number === 1 || (number >= 1000 && number % 2 === 0)) return COMMON;
  return `/srv/queue/others/${(number < 1000 ? number - 2 : (number - 1) / 2) % OTHERS}`;
}

/** Ways to ask for work; `hasMany` where 100 tasks can be claimed at once in the shortest queue. */
export const FILTERS = [
  { name: 'none', filter: {}, hasMany: true },
  { name: 'work_path_common', filter: { directory: { path: COMMON, recursive: false } }, hasMany: false },
  { name: 'work_path_rare', filter: { directory: { path: RARE, recursive: false } }, hasMany: false },
  { name: 'recursive_1000', filter: { directory: { path: '/srv/queue', recursive: true } }, hasMany: true },
];
