import { only, shareOf, type MemoryGuard, type MetricFamily } from '@task/application';

/** How full memory is, and what that led to. */
export function memoryMetrics(memory: MemoryGuard): readonly MetricFamily[] {
  return [
    {
      kind: 'gauge',
      name: 'task_orchestrator_memory_used_ratio',
      help: 'Share of memory in use, 0 to 1, by what bounds it: the heap, or the container',
      labels: ['bound'],
      read: () =>
        memory.state.readings.map((reading) => ({ labels: { bound: reading.of }, value: shareOf(reading) })),
    },
    {
      kind: 'gauge',
      name: 'task_orchestrator_memory_short',
      help: '1 while new tasks, lists and statistics are refused for want of memory, 0 otherwise',
      read: () => only(memory.state.isShort ? 1 : 0),
    },
    {
      kind: 'counter',
      name: 'task_orchestrator_memory_refusals_total',
      help: 'Requests that were refused for want of memory',
      read: () => only(memory.refused),
    },
  ];
}
