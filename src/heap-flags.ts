import { letHeapGrow } from '../libs/infrastructure/src/system/heap-growth';

// What a start makes survives, so that V8 would let the heap grow to the size that it needs under load before the first
// request. `HeapPace` lets it grow.
letHeapGrow(false);
