import { StringDecoder } from 'node:string_decoder';
import type { ProgressReport } from '../runtime/work-source';

/** What is kept of a command's output. */
export const MAX_OUTPUT_BYTES = 1024 * 1024;
/** Of one line: longer ones are text. */
const MAX_LINE_CHARACTERS = MAX_OUTPUT_BYTES;
/** What JSON text of a result may measure; the rest is for the fields around it. */
const MAX_RESULT_BYTES = MAX_OUTPUT_BYTES - 1024;

/**
 * Reads what a command writes: lines `{"progress": 40, "message": "…"}` are reports, everything else is its output, of
 * which the first MiB is kept. When its last line, or all of it, is a JSON object, that is the result, otherwise the
 * text.
 */
export class CapturedOutput {
  private readonly decoder = new StringDecoder('utf8');
  private readonly kept: string[] = [];
  private keptBytes = 0;
  private totalBytes = 0;
  private line = '';
  private isLineTooLong = false;
  private lastLine = '';

  /** @param onProgress told of lines that are reports; null where there are none, and every line is output */
  constructor(private readonly onProgress: ((report: ProgressReport) => void) | null) {}

  write(chunk: Buffer): void {
    this.take(this.decoder.write(chunk));
  }

  /** What the command has come to. */
  result(): object {
    this.take(this.decoder.end());
    if (this.line !== '') this.endLine('');
    const text = this.kept.join('');
    const isTooMuch = this.keptBytes < this.totalBytes;
    const value = objectIn(this.lastLine) ?? (isTooMuch ? null : objectIn(text));
    if (value !== null && fits(value)) return value;
    const output = shortened(text);
    const isCut = isTooMuch || output.length < text.length;
    return { output, ...(isCut && { truncated: true, output_bytes: this.totalBytes }) };
  }

  private take(text: string): void {
    let from = 0;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
      this.addToLine(text.slice(from, at));
      this.endLine('\n');
      from = at + 1;
    }
    this.addToLine(text.slice(from));
  }

  private addToLine(text: string): void {
    this.line += text;
    if (this.line.length <= MAX_LINE_CHARACTERS) return;
    this.isLineTooLong = true;
    this.keep(this.line);
    this.line = '';
  }

  private endLine(end: string): void {
    const { line, isLineTooLong } = this;
    this.line = '';
    this.isLineTooLong = false;
    const report = isLineTooLong || this.onProgress === null ? null : reportIn(line);
    if (report !== null) {
      this.onProgress?.(report);
      return;
    }
    this.keep(line + end);
    if (isLineTooLong) this.lastLine = '';
    else if (line.trim() !== '') this.lastLine = line;
  }

  private keep(text: string): void {
    const bytes = Buffer.byteLength(text);
    this.totalBytes += bytes;
    const room = MAX_OUTPUT_BYTES - this.keptBytes;
    if (room <= 0) return;
    const part = bytes <= room ? text : Buffer.from(text).subarray(0, room).toString('utf8');
    this.kept.push(part);
    this.keptBytes += Math.min(bytes, room);
  }
}

function reportIn(line: string): ProgressReport | null {
  if (!line.includes('"progress"')) return null;
  const { progress, message, ...rest } = (objectIn(line) ?? {}) as Record<string, unknown>;
  if (typeof progress !== 'number' || Object.keys(rest).length > 0) return null;
  return { progress, ...(typeof message === 'string' && { message }) };
}

function objectIn(line: string): object | null {
  if (!line.trimStart().startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

/** JSON needs more room than text: quotes and line feeds take two characters, other control characters six. */
function shortened(text: string): string {
  if (fits(text)) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(text.slice(0, middle))) low = middle;
    else high = middle - 1;
  }
  return text.slice(0, low).toWellFormed();
}

function fits(value: object | string): boolean {
  return Buffer.byteLength(JSON.stringify(value)) <= MAX_RESULT_BYTES;
}
