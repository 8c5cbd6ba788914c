import { only, type MetricFamily } from '@task/application';
import type { Lane } from '../persistence/lane';

/** How the one way to write is doing. */
export function laneMetrics(lane: Pick<Lane, 'pulse' | 'waiting'>): readonly MetricFamily[] {
  const { pulse } = lane;
  return [
    {
      kind: 'gauge',
      name: 'task_orchestrator_lane_queued_commands',
      help: 'Writes that wait for their transaction',
      read: () => only(lane.waiting),
    },
    {
      kind: 'gauge',
      name: 'task_orchestrator_lane_behind_seconds',
      help: 'How long writes have waited since one was last brought to an end; 0 while none waits',
      read: () => only(pulse.behindMs / 1000),
    },
    {
      kind: 'histogram',
      name: 'task_orchestrator_commit_group_commands',
      help: 'Writes that shared a transaction',
      read: () => [{ labels: {}, buckets: pulse.groupSizes }],
    },
    {
      kind: 'histogram',
      name: 'task_orchestrator_commit_group_duration_seconds',
      help: 'How long such a transaction took, its commit included',
      read: () => [{ labels: {}, buckets: pulse.groupSeconds }],
    },
  ];
}
