import { setImmediate as turn } from 'node:timers/promises';
import { readDocument } from './read-document.ts';
import { chunkCount, splitText, type Chunk } from './split-text.ts';
import { UnfitDocument } from './unfit-document.ts';

/** What a document was made into. */
export interface ProcessedDocument {
  readonly file_path: string;
  readonly characters: number;
  readonly chunk_size: number;
  readonly chunk_overlap: number;
  readonly chunk_count: number;
  readonly chunks: readonly Chunk[];
}

/** Is told how far the work is, in percent, and in words. */
export type OnProgress = (percent: number, message: string) => Promise<void>;

const DEFAULT_CHUNK_SIZE = 1000;
const DEFAULT_OVERLAP = 200;
const MAX_CHUNK_SIZE = 1_000_000;
/** What the task manager takes as a result. */
const MAX_RESULT_BYTES = 1024 * 1024;
const COMMA = 1;
const READ_PERCENT = 5;
const PERCENT_A_REPORT = 10;

interface Wish {
  readonly path: string;
  readonly size: number;
  readonly overlap: number;
}

/**
 * Reads the document that a payload names and splits it into chunks.
 * @param root   the folder that documents have to be in; null for anywhere
 * @param signal ends the work between two chunks
 * @throws UnfitDocument for what will not be better the next time
 */
export async function processDocument(
  payload: unknown,
  root: string | null,
  onProgress: OnProgress,
  signal: AbortSignal,
): Promise<ProcessedDocument> {
  const { path, size, overlap } = wishIn(payload);
  const text = await readDocument(path, root);
  const characters = [...text].length;
  const total = chunkCount(characters, size, overlap);
  await onProgress(READ_PERCENT, `Read ${characters} characters`);
  const chunks: Chunk[] = [];
  let bytes = 0;
  let told = READ_PERCENT;
  for (const chunk of splitText(text, size, overlap)) {
    signal.throwIfAborted();
    chunks.push(chunk);
    bytes += bytesOf(chunk) + COMMA;
    requireSmall(path, chunks.length, bytes);
    const percent = READ_PERCENT + Math.floor((chunks.length / total) * (99 - READ_PERCENT));
    if (percent - told < PERCENT_A_REPORT) continue;
    told = percent;
    await turn();
    await onProgress(percent, `Made ${chunks.length} of ${total} chunks`);
  }
  const processed = { file_path: path, characters, chunk_size: size, chunk_overlap: overlap };
  const all = { ...processed, chunk_count: chunks.length, chunks };
  requireSmall(path, chunks.length, bytesOf(all));
  return all;
}

/** While they are made: overlapping chunks of a small document can fill any memory. */
function requireSmall(path: string, count: number, bytes: number): void {
  if (bytes <= MAX_RESULT_BYTES) return;
  throw new UnfitDocument(
    `the first ${count} chunks of ${path} take ${bytes} bytes, and a result ${MAX_RESULT_BYTES} at most`,
  );
}

function bytesOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}

function wishIn(payload: unknown): Wish {
  const {
    file_path: path,
    chunk_size: size = DEFAULT_CHUNK_SIZE,
    chunk_overlap: wished,
  } = (payload ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof path !== 'string' || path === '') throw new UnfitDocument('the payload names no file_path');
  if (!isWhole(size, 1, MAX_CHUNK_SIZE)) {
    throw new UnfitDocument(`chunk_size must be a whole number from 1 to ${MAX_CHUNK_SIZE}`);
  }
  const overlap = wished ?? Math.min(DEFAULT_OVERLAP, Math.floor(size / 5));
  if (!isWhole(overlap, 0, size - 1)) {
    throw new UnfitDocument('chunk_overlap must be a whole number from 0, and less than chunk_size');
  }
  return { path, size, overlap };
}

function isWhole(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
}
