import { codeBlocksIn } from './code-blocks';
import { curlLinesIn } from './curl-lines';
import { shapeFaults } from './shape';

/** The document with the clients. */
export const EXAMPLES = 'orchestrator-api-examples.md';

/** What a client of the document printed: a label and an answer. */
export type Printed = readonly [label: string, answer: unknown];

/** What each of the document's clients does and prints, and the route whose answer that is. */
const STEPS = [
  ['Created task:', 'POST /api/v1/tasks'],
  ['Got task:', 'GET /api/v1/tasks/next'],
  ['Completed task:', 'POST /api/v1/tasks/{task_id}/complete'],
] as const;

/** The client in a language. */
export function clientIn(markdown: string, language: string): string {
  const [client, another] = codeBlocksIn(markdown).filter((block) => block.language === language);
  if (client === undefined || another !== undefined) throw new Error(`not one client in ${language}`);
  return client.code;
}

/** Sees that a client has created, got and completed a task, each with the answer that the document shows. */
export function expectDocumentedRun(markdown: string, printed: readonly Printed[]): void {
  expect(printed.map(([label]) => label)).toEqual(STEPS.map(([label]) => label));
  for (const [index, [, route]] of STEPS.entries()) {
    expect(shapeFaults(answersTo(markdown, route)[0], printed[index]?.[1])).toEqual([]);
  }
}

/** The answers that the document shows for a route. */
export function answersTo(markdown: string, route: string): readonly unknown[] {
  const line = curlLinesIn(markdown).find((candidate) => candidate.route === route);
  if (line === undefined || line.answers.length === 0) throw new Error(`no answer of ${route} is documented`);
  return line.answers;
}
