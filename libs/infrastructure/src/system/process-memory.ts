import { getHeapStatistics } from 'node:v8';
import { MemoryGauge, type MemoryReading } from '@task/application';
import { ContainerMemory } from './container-memory';
import { V8Heap } from './heap';

/** The memory of this process: its heap, and the container that it runs in where that has a limit. */
export class ProcessMemory extends MemoryGauge {
  /** @param container null where nothing but the heap bounds it */
  constructor(
    private readonly container: ContainerMemory | null = ContainerMemory.find(),
    private readonly heap = new V8Heap(),
  ) {
    super();
  }

  override reclaim(): void {
    this.heap.collect();
  }

  override read(): readonly MemoryReading[] {
    const { used_heap_size: usedBytes, heap_size_limit: limitBytes } = getHeapStatistics();
    const container = this.container?.read() ?? null;
    return [{ of: 'heap', usedBytes, limitBytes }, ...(container === null ? [] : [container])];
  }
}
