import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { readPrompt, type PromptSource } from './read-prompt';

describe('a prompt', () => {
  let cwd: string;

  beforeAll(() => (cwd = mkdtempSync(join(tmpdir(), 'prompts-'))));
  afterAll(() => rmSync(cwd, { recursive: true }));

  const read = (source: Partial<PromptSource>): Promise<string> =>
    readPrompt({ argument: undefined, file: undefined, cwd, input: Readable.from([]), ...source });
  const piped = (...chunks: readonly (string | Buffer)[]): Partial<PromptSource> => ({
    argument: '-',
    input: Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
  });

  it('is the argument as it is', async () => {
    expect(await read({ argument: ' tidy up\n' })).toBe(' tidy up\n');
  });

  it('is what comes in, without the line breaks at its end, and whole where a character comes in pieces', async () => {
    const text = Buffer.from('整理\n  now\r\n\n');
    expect(await read(piped(text.subarray(0, 2), text.subarray(2)))).toBe('整理\n  now');
  });

  it('is what is in a file', async () => {
    writeFileSync(join(cwd, 'prompt.md'), 'from a file\n');
    expect(await read({ file: 'prompt.md' })).toBe('from a file');
  });

  it.each<[string, Partial<PromptSource>, string]>([
    ['is not there', {}, 'there is no prompt'],
    ['comes from two places', { argument: 'x', file: 'y' }, 'not from both'],
    ['is in no file', { file: 'nowhere.md' }, 'the prompt in nowhere.md cannot be read: ENOENT'],
    ['is no text', piped(Buffer.from([0xff, 0xfe])), 'the prompt in standard input cannot be read'],
    [
      'does not end',
      piped(...Array.from({ length: 20 }, () => 'x'.repeat(100_000))),
      'more than 1048576 bytes',
    ],
  ])('that %s is refused', async (_, source, message) => {
    await expect(read(source)).rejects.toThrow(message);
  });
});
