import {
  closeSync,
  existsSync,
  fdatasyncSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statfsSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { latencyFigures } from './figures.mjs';

const TMPFS = 0x01021994;
const PAGE = Buffer.alloc(4096, 7);

/** Makes a folder for scratch files on a real disk: nothing is learnt from syncing memory. */
export function makeScratchFolder() {
  const isMemory = statfsSync(tmpdir()).type === TMPFS;
  const parent = isMemory ? resolve(import.meta.dirname, '../../data') : tmpdir();
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'bench-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  return { folder, reason: isMemory ? 'the folder for temporary files is in memory' : 'a disk' };
}

/** What the disk itself can do: 4 KiB written and synced, again and again. */
export function measureSync(folder, ms) {
  const path = join(folder, 'sync-probe');
  const file = openSync(path, 'w');
  const latencies = [];
  for (const end = performance.now() + ms; performance.now() < end;) {
    writeSync(file, PAGE);
    const begun = performance.now();
    fdatasyncSync(file);
    latencies.push(performance.now() - begun);
  }
  closeSync(file);
  rmSync(path);
  const { p50, p95 } = latencyFigures(latencies);
  return { per_second: Math.round((latencies.length * 1000) / ms), p50_ms: p50, p95_ms: p95 };
}

/** Bytes of a database and of its write-ahead log. */
export function sizesOf(database) {
  const sizeOf = (path) => (existsSync(path) ? statSync(path).size : 0);
  return { file_bytes: sizeOf(database), wal_bytes: sizeOf(`${database}-wal`) };
}
