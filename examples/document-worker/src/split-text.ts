/** A part of a text. Places are counted in characters (code points), from 0; `end` does not belong to it. */
export interface Chunk {
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Splits a text into chunks of so many characters. Each begins with the last characters of the one before, as many as
 * they overlap, so that nothing that stands at a border is torn apart in both.
 * @param overlap less than `size`
 */
export function* splitText(text: string, size: number, overlap: number): Generator<Chunk> {
  const characters = [...text];
  for (let index = 0, start = 0; start < characters.length; index += 1, start += size - overlap) {
    const end = Math.min(start + size, characters.length);
    yield { index, start, end, text: characters.slice(start, end).join('') };
    if (end === characters.length) return;
  }
}

/** How many chunks that makes. @param length of the text, in characters */
export function chunkCount(length: number, size: number, overlap: number): number {
  if (length === 0) return 0;
  return length <= size ? 1 : 1 + Math.ceil((length - size) / (size - overlap));
}
