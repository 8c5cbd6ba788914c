import { setFlagsFromString } from 'node:v8';

/**
 * What of the heap of this process may grow from now on.
 *
 * While the young generation may not, it keeps its size. While the old one may not, it is looked through at one and a
 * half times of what was in use: memory stays flat, and little work pays little for that. Where there is much to do,
 * both would cost a fifth of the time: then the old one may come to two and a half times of what was in use, short of
 * the four times that V8 allows itself.
 */
export function letHeapGrow(growth: 'none' | 'young' | 'both'): void {
  setFlagsFromString(`--semi-space-growth-factor=${growth === 'none' ? 1 : 2}`);
  setFlagsFromString(`--heap-growing-percent=${growth === 'both' ? 150 : 50}`);
}

// What a start makes survives, so that V8 would let the heap grow to the size that it needs under load before the first
// request. `HeapPace` lets it grow.
letHeapGrow('none');
