import { codeBlocksIn, jsonIn, type CodeBlock } from './code-blocks';

/** A curl line of a document, with the answers that the document shows to it. */
export interface CurlLine {
  readonly title: string;
  /** Everything that has to be run, in bash. */
  readonly script: string;
  /** Such as `GET /api/v1/tasks/{task_id}`. */
  readonly route: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  /** The second, where there is one, is that to a claim that found nothing. */
  readonly answers: readonly unknown[];
}

/** The id that the documents use in their examples. */
export const EXAMPLE_ID = '550e8400-e29b-41d4-a716-446655440000';
/** How the documents introduce an answer to a request that was done, and one to a claim that found nothing. */
const ANSWER = /响应示例|无任务时的响应|空结果响应/;

/** The curl lines of a document, in order. */
export function curlLinesIn(markdown: string): CurlLine[] {
  const blocks = codeBlocksIn(markdown);
  const scripts = blocks.filter(({ language }) => language === 'bash');
  // Lines that only set variables belong to every script.
  const preamble = scripts.filter(({ code }) => !code.includes('curl')).map(({ code }) => code);
  return scripts
    .filter(({ code }) => code.includes('curl'))
    .map((block) => {
      const { route, query } = requestOf(block);
      const answers = blocks.filter((answer) => ANSWER.test(answer.label) && documents(answer, block, route));
      return {
        title: `${block.headings.slice(1).join(' / ')}: ${route}`,
        script: [...preamble, block.code].join('\n'),
        route,
        query,
        body: bodyOf(block),
        answers: answers.map(jsonIn),
      };
    });
}

/** An answer stands in the same section as its request, or in the one that is named after the route. */
function documents(answer: CodeBlock, request: CodeBlock, route: string): boolean {
  return (
    answer.language === 'json' &&
    (answer.headings[1] === request.headings[1] || answer.headings.includes(route))
  );
}

function requestOf({ code }: CodeBlock): { route: string; query: URLSearchParams } {
  const [, method = '', target = ''] = /-X (\w+) "?([^"\s]+)/.exec(code) ?? [];
  const [path = '', query = ''] = target.replace(/^(?:\$BASE_URL|http:\/\/[^/]+)/, '').split('?');
  return { route: `${method} ${path.replace(EXAMPLE_ID, '{task_id}')}`, query: new URLSearchParams(query) };
}

function bodyOf({ code }: CodeBlock): Readonly<Record<string, unknown>> {
  const [, body = '{}'] = /-d '([^']*)'/.exec(code) ?? [];
  return JSON.parse(body) as Readonly<Record<string, unknown>>;
}
