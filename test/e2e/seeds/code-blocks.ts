/** A fenced block of code in a Markdown document. */
export interface CodeBlock {
  readonly language: string;
  /** The headings that it stands under, outermost first, without their marks. */
  readonly headings: readonly string[];
  /** The last line of text before it: `**响应示例**:`. */
  readonly label: string;
  readonly code: string;
}

const HEADING = /^(#{1,6}) +(.*)$/;
const FENCE = /^```(\w*)\s*$/;

/** The fenced code blocks of a Markdown document, in order. */
export function codeBlocksIn(markdown: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let headings: string[] = [];
  let label = '';
  const lines = markdown.split(/\r?\n/).values();
  for (const line of lines) {
    const [, language] = FENCE.exec(line) ?? [];
    if (language !== undefined) {
      blocks.push({ language, headings, label, code: codeFrom(lines) });
      continue;
    }
    const [, marks = '', title = ''] = HEADING.exec(line) ?? [];
    if (marks !== '') headings = [...headings.slice(0, marks.length - 1), title];
    if (line.trim() !== '') label = line.trim();
  }
  return blocks;
}

/** Takes the lines up to the end of the block, and that end. */
function codeFrom(lines: Iterator<string>): string {
  const code: string[] = [];
  for (let line = lines.next(); line.done !== true && line.value !== '```'; line = lines.next())
    code.push(line.value);
  return code.join('\n');
}

/** A JSON block as a value. One of the documents' examples lacks its last brace. */
export function jsonIn({ code }: CodeBlock): unknown {
  try {
    return JSON.parse(code);
  } catch {
    return JSON.parse(`${code}}`);
  }
}
