import { Writable } from 'node:stream';
import { StandardStreams } from './output';

/** Takes what it is given when the test says so, or fails with it. */
class Reader extends Writable {
  taken = '';
  private readonly waiting: (() => void)[] = [];
  private isEager = false;

  override _write(chunk: Buffer, _encoding: string, done: (error: Error | null) => void): void {
    this.waiting.push(() => {
      this.taken += chunk.toString();
      done(null);
    });
    if (this.isEager) this.read();
  }

  read(): void {
    while (this.waiting.length > 0) this.waiting.shift()?.();
  }

  /** What comes from now on, too. */
  readAll(): void {
    this.isEager = true;
    this.read();
  }
}

const failing = (code: string): Writable =>
  new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(`no ${code}`), { code })),
  });

describe('the end of a process', () => {
  let stdout: Reader;
  let stderr: Reader;

  beforeEach(() => {
    stdout = new Reader();
    stderr = new Reader();
  });

  it('comes for a command when all of its output was taken', async () => {
    stdout.write('one ');
    stdout.write('two');
    stderr.write('three');
    let code: number | null = null;
    const ended = new StandardStreams({ stdout, stderr }).commandEnd(6).then((ending) => (code = ending));
    stdout.readAll();
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(code).toBeNull();
    stderr.readAll();
    await ended;

    expect([code, stdout.taken, stderr.taken]).toEqual([6, 'one two', 'three']);
  });

  it('comes for a server too when nobody takes it', async () => {
    stdout.write('one');

    await expect(new StandardStreams({ stdout, stderr }).serverEnd(1)).resolves.toBeUndefined();
  });

  it.each(['EPIPE', 'ECONNRESET'])('is not changed by a reader that has gone, %s', async (code) => {
    const [lost, alsoLost] = [failing(code), failing(code)];
    const streams = new StandardStreams({ stdout: lost, stderr: alsoLost });
    lost.write('one');
    alsoLost.write('two');

    expect(await streams.commandEnd(0)).toBe(0);
  });

  it.each([
    [0, 1],
    [6, 6],
  ])('tells that the output got lost, and turns %d to %d', async (code, ending) => {
    const full = failing('ENOSPC');
    const streams = new StandardStreams({ stdout: full, stderr });
    full.write('one');
    stderr.readAll();

    expect(await streams.commandEnd(code)).toBe(ending);
    expect(stderr.taken).toBe('task-orchestrator: the output could not be written: no ENOSPC\n');
  });
});
