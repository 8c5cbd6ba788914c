import { isUtf8 } from 'node:buffer';
import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative } from 'node:path';
import { UnfitDocument } from './unfit-document.ts';

/** Larger documents would not leave room for the others that are worked on. */
const MAX_BYTES = 16 * 1024 * 1024;

const UNFIT: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'the worker may not read it',
  EISDIR: 'it is a folder',
};

/**
 * Reads a text document in UTF-8.
 * @param root the folder that it has to be in; null for anywhere
 * @throws UnfitDocument when it is none; whatever else the disk says may be better the next time
 */
export async function readDocument(path: string, root: string | null): Promise<string> {
  try {
    const real = await realpath(path);
    if (root !== null && !isWithin(await realpath(root), real)) {
      throw new UnfitDocument(`${path} is not in the folder of this worker`);
    }
    const found = await stat(real);
    if (!found.isFile()) throw new UnfitDocument(`${path} cannot be read: it is no file`);
    if (found.size > MAX_BYTES) throw new UnfitDocument(`${path} is larger than ${MAX_BYTES} bytes`);
    return textIn(await readFile(real), path);
  } catch (error) {
    const why = UNFIT[(error as NodeJS.ErrnoException).code ?? ''];
    throw why === undefined ? error : new UnfitDocument(`${path} cannot be read: ${why}`);
  }
}

function textIn(bytes: Buffer, path: string): string {
  if (!isUtf8(bytes) || bytes.includes(0)) {
    throw new UnfitDocument(`${path} is not a text file: this worker reads text in UTF-8 only`);
  }
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

function isWithin(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}
