import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { StartFailure } from '../start-failure';

/** Much more than a prompt may have: what is no prompt is not read to its end. */
const MOST_BYTES = 1024 * 1024;

/** Where a prompt is to come from. */
export interface PromptSource {
  /** The prompt itself, or `-` for standard input. */
  readonly argument: string | undefined;
  readonly file: string | undefined;
  readonly cwd: string;
  readonly input: Readable;
}

/** The prompt, without the line breaks at its end that editors and shells add. @throws StartFailure */
export async function readPrompt({ argument, file, cwd, input }: PromptSource): Promise<string> {
  if (argument !== undefined && file !== undefined) {
    throw new StartFailure('a prompt comes from the argument or from --file, not from both');
  }
  if (file !== undefined) return read(createReadStream(resolve(cwd, file)), file);
  if (argument === undefined) {
    throw new StartFailure(
      'there is no prompt: give it as an argument, with --file, or - for standard input',
    );
  }
  return argument === '-' ? read(input, 'standard input') : argument;
}

async function read(stream: Readable, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MOST_BYTES) throw new Error(`it has more than ${MOST_BYTES} bytes`);
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)).replace(/[\r\n]+$/, '');
  } catch (error) {
    throw new StartFailure(`the prompt in ${name} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
