import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What an event loop has done since its process began. */
export interface Work {
  /** Processor time of its thread, ms. */
  readonly usedMs: number;
  /** Time in which it did not wait for anything to do, ms: on a busy machine also that in which others had the processor. */
  readonly activeMs: number;
}

/** What of the heap may grow: the young generation, or both. */
export type Growth = 'none' | 'young' | 'both';

/** What {@link HeapPace} does with the heap of its process. */
export interface Heap {
  /** What the event loop has done so far. */
  worked(): Work;
  /** Bytes of the heap that are taken, garbage that nobody has looked for included. */
  taken(): number;
  /** Makes the heap as small as what is in use. The event loop stands still for as long as that takes. */
  shrink(): void;
}

type Collect = (options: { readonly type: 'major'; readonly flavor?: 'last-resort' }) => void;

/** The heap of this process. */
export class V8Heap implements Heap {
  private exposed: Collect | null = null;

  worked(): Work {
    const { user, system } = process.threadCpuUsage();
    return { usedMs: (user + system) / 1000, activeMs: performance.eventLoopUtilization().active };
  }

  taken(): number {
    return getHeapStatistics().used_heap_size;
  }

  /** Finds what nobody needs any more. */
  collect(): void {
    this.collector({ type: 'major' });
  }

  /** Only a collection of the last resort makes the young generation smaller while there is something to do. */
  shrink(): void {
    this.collector({ type: 'major', flavor: 'last-resort' });
  }

  private get collector(): Collect {
    this.exposed ??= exposedCollector();
    return this.exposed;
  }
}

/** The flag puts the function into contexts that are made from then on; it is in none that runs the service. */
function exposedCollector(): Collect {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as Collect;
}
