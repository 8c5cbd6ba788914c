import { setFlagsFromString } from 'node:v8';

/**
 * Whether the heap of this process may grow from now on.
 *
 * While it may not, the young generation keeps its size, and the old one is looked through when it is half as large
 * again as what was in use: memory stays flat, and little work pays little for that. Where there is much to do, both
 * would cost a fifth of the time: then the old one may come to two and a half times of what was in use, short of the
 * four times that V8 allows itself.
 */
export function letHeapGrow(may: boolean): void {
  setFlagsFromString(`--semi-space-growth-factor=${may ? 2 : 1}`);
  setFlagsFromString(`--heap-growing-percent=${may ? 150 : 50}`);
}

// What a start makes survives, so that V8 would let the heap grow to the size that it needs under load before the first
// request. `HeapPace` lets it grow.
letHeapGrow(false);
