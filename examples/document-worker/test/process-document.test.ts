import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { processDocument } from '../src/process-document.ts';
import { UnfitDocument } from '../src/unfit-document.ts';

const LIVE = new AbortController().signal;

describe('processing a document', () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'documents-'));
    writeFileSync(join(folder, 'text.txt'), '\uFEFF' + 'x'.repeat(2_500));
    writeFileSync(join(folder, 'empty.txt'), '');
    writeFileSync(join(folder, 'image.pdf'), Buffer.from([0x25, 0x50, 0x44, 0x46, 0, 0xff, 0xfe]));
    writeFileSync(join(folder, 'large.txt'), 'y'.repeat(1_200_000));
    mkdirSync(join(folder, 'folder'));
    symlinkSync('/etc/hostname', join(folder, 'way-out.txt'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const path = (name: string): string => join(folder, name);

  it('returns its chunks, and tells how far it is', async () => {
    const told: number[] = [];
    const onProgress = async (percent: number): Promise<void> => void told.push(percent);
    const payload = { file_path: path('text.txt'), chunk_size: 1000, chunk_overlap: 200 };
    const { chunks, ...rest } = await processDocument(payload, null, onProgress, LIVE);
    assert.deepEqual(rest, {
      ...{ file_path: path('text.txt'), characters: 2_500, chunk_size: 1000, chunk_overlap: 200 },
      chunk_count: 3,
    });
    assert.deepEqual(
      chunks.map(({ start, end }) => [start, end]),
      [
        [0, 1000],
        [800, 1800],
        [1600, 2500],
      ],
    );
    assert.deepEqual(told, [5, 36, 67, 99]);
  });

  const quiet = async (): Promise<void> => undefined;

  it('takes 1 000 characters with an overlap of 200 where the payload says nothing', async () => {
    const done = await processDocument({ file_path: path('text.txt') }, null, quiet, LIVE);
    assert.deepEqual([done.chunk_size, done.chunk_overlap, done.chunk_count], [1000, 200, 3]);
    const empty = await processDocument({ file_path: path('empty.txt'), chunk_size: 10 }, null, quiet, LIVE);
    assert.deepEqual([empty.chunk_overlap, empty.chunk_count], [2, 0]);
  });

  for (const [payload, message] of [
    [{}, /names no file_path/],
    [null, /names no file_path/],
    [{ file_path: 'missing.txt' }, /missing\.txt cannot be read: there is no such file/],
    [{ file_path: 'folder' }, /it is no file/],
    [{ file_path: 'image.pdf' }, /image\.pdf is not a text file/],
    [{ file_path: 'large.txt' }, /take \d+ bytes, and a result 1048576 at most/],
    [{ file_path: 'text.txt', chunk_size: 0 }, /chunk_size must be/],
    [{ file_path: 'text.txt', chunk_size: 10, chunk_overlap: 10 }, /chunk_overlap must be/],
    [{ file_path: 'way-out.txt' }, /not in the folder of this worker/],
  ] as const) {
    it(`says clearly why it does not take ${JSON.stringify(payload)}`, async () => {
      const given =
        payload !== null && 'file_path' in payload
          ? { ...payload, file_path: path(payload.file_path) }
          : payload;
      await assert.rejects(processDocument(given, folder, quiet, LIVE), (error: unknown) => {
        assert.ok(error instanceof UnfitDocument);
        assert.match(error.message, message);
        return true;
      });
    });
  }

  it('makes no more chunks than a result can hold', async () => {
    const told: number[] = [];
    const onProgress = async (percent: number): Promise<void> => void told.push(percent);
    const payload = { file_path: path('large.txt'), chunk_size: 1000, chunk_overlap: 900 };
    await assert.rejects(processDocument(payload, null, onProgress, LIVE), UnfitDocument);
    assert.deepEqual(told, [5]);
  });

  it('ends between two chunks when it is told to', async () => {
    const work = new AbortController();
    const end = async (): Promise<void> => work.abort(new Error('enough'));
    const payload = { file_path: path('text.txt') };
    await assert.rejects(processDocument(payload, null, end, work.signal), /enough/);
  });
});
