import { codeBlocksIn, type CodeBlock } from './code-blocks';

/** The document of the task manager. */
export const TASK_MANAGER = 'kb-task-manager-api.md';

const ADDRESS = 'http://localhost:8084';
const FOLDER = '/tmp/';
/** An id of the document that is none of the kind that all its other ids are. */
const ODD_ID = 'task_123';
const EXAMPLE_ID = '550e8400-e29b-41d4-a716-446655440000';

/** Where the document's flows are to be run. */
export interface Place {
  readonly url: string;
  /** Stands in for `/tmp`, which belongs to everybody. */
  readonly folder: string;
}

/** A flow of the document, word for word, but for where the service and the files are. */
export function flowIn(markdown: string, heading: string, { url, folder }: Place): string {
  const code = blockUnder(markdown, heading, 'bash').code;
  return code.replaceAll(ADDRESS, url).replaceAll(FOLDER, `${folder}/`);
}

/** The answer that the document shows under a heading; what it leaves out (`{...}`) may be anything of its kind. */
export function answerUnder(markdown: string, heading: string): unknown {
  const { code } = blockUnder(markdown, heading, 'json', /响应示例|错误响应格式/);
  const whole = code.replaceAll('{...}', '{}').replaceAll('[...]', '[]').replaceAll(ODD_ID, EXAMPLE_ID);
  return JSON.parse(whole);
}

function blockUnder(markdown: string, heading: string, language: string, label = /(?:)/): CodeBlock {
  const block = codeBlocksIn(markdown).find(
    (candidate) =>
      candidate.language === language &&
      candidate.headings.some((title) => title.endsWith(heading)) &&
      label.test(candidate.label),
  );
  if (block === undefined) throw new Error(`no ${language} under ${heading}`);
  return block;
}
