import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KernelLock } from './kernel-lock';

const SQLITE = createRequire(__filename).resolve('better-sqlite3');
/** Another process with the lock, which says so. */
const HOLDER = `
  const handle = new (require(process.argv[2]))(process.argv[3], { timeout: 0 });
  handle.exec('BEGIN EXCLUSIVE');
  process.send('held');
  setInterval(() => handle.open, 60000);
`;

describe('a lock of the kernel', () => {
  let folder: string;
  let file: string;
  let other: ChildProcess | null = null;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'kernel-lock-'));
    file = join(folder, 'a.lock');
  });
  afterEach(() => {
    other?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  const heldElsewhere = async (): Promise<ChildProcess> => {
    const script = join(folder, 'holder.cjs');
    writeFileSync(script, HOLDER);
    other = fork(script, [SQLITE, file]);
    await once(other, 'message');
    return other;
  };

  it('is had by one, and by the next when that one lets it go', () => {
    const lock = KernelLock.tryAcquire(file);
    expect(lock?.isHeld).toBe(true);
    lock?.release();
    lock?.release();
    expect(lock?.isHeld).toBe(false);

    const next = KernelLock.tryAcquire(file);
    expect(next?.isHeld).toBe(true);
    next?.release();
  });

  it('is not had by two processes, and ends with the one that had it, however that ends', async () => {
    const holder = await heldElsewhere();
    expect(KernelLock.tryAcquire(file)).toBeNull();

    const gone = once(holder, 'exit');
    holder.kill('SIGKILL');
    await gone;
    const lock = KernelLock.tryAcquire(file);
    expect(lock?.isHeld).toBe(true);
    lock?.release();
  });

  it('is a file of its owner only', () => {
    const lock = KernelLock.tryAcquire(file);
    expect(statSync(file).mode & 0o077).toBe(0);
    lock?.release();
  });
});
