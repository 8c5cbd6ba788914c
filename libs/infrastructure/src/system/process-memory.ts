import { MemoryGauge, type MemoryReading } from '@task/application';
import { ContainerMemory } from './container-memory';
import { V8Heap } from './heap';
import { flagsOfProcess, readOldGeneration, youngLimitOf } from './old-generation';

/** The memory of this process: its heap, and the container that it runs in where that has a limit. */
export class ProcessMemory extends MemoryGauge {
  private readonly youngBytes = youngLimitOf(flagsOfProcess());

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
    const container = this.container?.read() ?? null;
    return [
      { of: 'heap', ...readOldGeneration(this.youngBytes) },
      ...(container === null ? [] : [container]),
    ];
  }
}
