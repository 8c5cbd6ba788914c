import type { Type } from '@nestjs/common';
import type { FailureRenderer } from '../failures/failure-renderer';
import type { AnswerDoc, Schema } from './endpoint';
import type { Failures } from './failure-examples';

/** How a dialect documents what went wrong. */
export interface FailureShape {
  readonly renderer: FailureRenderer;
  readonly schema: Schema;
  /** The classes that the schema refers to. */
  readonly models: readonly Type[];
  /** What is shown in place of a body: one without what is new each time. */
  readonly shown?: (body: object) => object;
}

/** The answers that these failures have, one for each status, exactly as they are worded. */
export function failureAnswers(
  { renderer, schema, models, shown = (body) => body }: FailureShape,
  failures: Failures,
): AnswerDoc[] {
  const byStatus = new Map<number, { headers: Set<string>; examples: Record<string, unknown> }>();
  for (const [name, failure] of Object.entries(failures)) {
    const { status, headers, body } = renderer.render(failure, 'en');
    const answer = byStatus.get(status) ?? { headers: new Set(), examples: {} };
    for (const header of Object.keys(headers)) answer.headers.add(header);
    answer.examples[name] = shown(body as object);
    byStatus.set(status, answer);
  }
  return [...byStatus]
    .sort()
    .map(([status, { headers, examples }]) => ({ status, schema, models, examples, headers: [...headers] }));
}
