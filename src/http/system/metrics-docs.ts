import { fails } from '../orchestrator/docs/envelope-docs';
import { ALWAYS_POSSIBLE, needsRole } from '../orchestrator/docs/failure-examples';
import type { AnswerDoc, EndpointDoc } from '../shared/docs/endpoint';

const EXAMPLE = `# HELP task_orchestrator_tasks Tasks there are, by status; absent while the database is away
# TYPE task_orchestrator_tasks gauge
task_orchestrator_tasks{status="waiting"} 3
task_orchestrator_tasks{status="working"} 2
`;

/** What is measured, in whatever dialect the failures beside it are worded. */
export const METRICS_TEXT: AnswerDoc = {
  status: 200,
  description: 'The metrics',
  schema: { type: 'string' },
  models: [],
  examples: { example: EXAMPLE },
  mediaType: 'text/plain',
};

/** GET /metrics. Its failures are worded by the dialect that owns what no other one does. */
export const METRICS: EndpointDoc = {
  id: 'getMetrics',
  tag: 'metrics',
  summary: 'Tell what is measured',
  description: 'In the text format of Prometheus. Counters and histograms are those of this process.',
  answers: () => [METRICS_TEXT, ...fails({ ...ALWAYS_POSSIBLE, ...needsRole('reader') })],
};
