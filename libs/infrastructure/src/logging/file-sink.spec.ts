import {
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { itNeeding, missingProgram } from '../../../../test/support/it-needing';
import { openLog, type OpenLog } from './create-logger';
import { FileSink } from './file-sink';

const FULL = '/dev/full';
const missingFull = existsSync(FULL) ? null : `there is no ${FULL}`;
const KEPT_BYTES = 1_048_576;

describe('the log on a disk that takes nothing', () => {
  let folder: string;
  let file: string;
  let told: string[];
  let opened: OpenLog;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'log-'));
    file = join(folder, 'service.log');
    told = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const open = (): void => {
    opened = openLog({ level: 'info', format: 'json', file, tell: (text) => told.push(text) });
  };
  const openFull = (): void => {
    symlinkSync(FULL, file);
    open();
  };
  /** From now on there is room. */
  const makeRoom = async (): Promise<void> => {
    rmSync(file);
    opened.reopen();
    opened.flush();
    await turn();
  };
  const lines = (): string[] => readFileSync(file, 'utf8').trim().split('\n');

  itNeeding(missingFull)('ends nobody who writes, and says why once', async () => {
    openFull();

    for (let line = 0; line < 100; line += 1) {
      opened.log.error(`line ${line}`);
      opened.requests.write('warn', { route: '/tasks' });
    }
    opened.flush();
    await turn();

    expect(told).toEqual([expect.stringMatching(/^the log cannot be written \(ENOSPC/)]);
  });

  itNeeding(missingFull)('has lost nothing of what was said meanwhile, once there is room', async () => {
    openFull();
    opened.log.error('first');
    opened.requests.write('warn', { route: '/tasks' });
    opened.log.error('last');

    await makeRoom();

    expect(lines()).toEqual([
      expect.stringContaining('first'),
      expect.stringContaining('/tasks'),
      expect.stringContaining('last'),
    ]);
    expect(told.slice(1)).toEqual(['the log is written again; lines lost: 0']);
  });

  itNeeding(missingFull)('keeps a mebibyte of lines, and counts those that it loses', async () => {
    openFull();
    const written = 10_000;
    for (let line = 0; line < written; line += 1) opened.log.error('x'.repeat(200));

    await makeRoom();

    expect(readFileSync(file, 'utf8').length).toBeLessThanOrEqual(KEPT_BYTES);
    expect(told.slice(1)).toEqual([`the log is written again; lines lost: ${written - lines().length}`]);
    await turn();
    opened.log.error('afterwards');
    expect(lines().at(-1)).toContain('afterwards');
  });

  itNeeding(missingFull)('says it again when it happens again', async () => {
    openFull();
    opened.log.error('first');
    await makeRoom();
    rmSync(file);
    symlinkSync(FULL, file);
    opened.reopen();
    opened.log.error('second');

    expect(told.map((text) => text.slice(0, 15))).toEqual([
      'the log cannot ',
      'the log is writ',
      'the log cannot ',
    ]);
  });

  it('goes on in the old file when no new one can be opened, and in a new one later', async () => {
    const logs = join(folder, 'logs');
    mkdirSync(logs);
    file = join(logs, 'service.log');
    open();
    renameSync(logs, `${logs}.1`);
    writeFileSync(logs, 'a file where the folder was');

    expect(() => opened.reopen()).toThrow();
    await turn();
    opened.log.error('old');
    rmSync(logs);
    opened.reopen();
    await turn();
    opened.log.error('new');

    expect(readFileSync(join(`${logs}.1`, 'service.log'), 'utf8')).toContain('old');
    expect(lines()).toEqual([expect.stringContaining('new')]);
    expect(told).toEqual([]);
  });
});

describe('a log that somebody reads', () => {
  itNeeding(missingProgram('mkfifo'))('holds up nobody while its reader is behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'log-'));
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const descriptor = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    rmSync(folder, { recursive: true });
    const told: string[] = [];
    const sink = new FileSink(descriptor, (text) => told.push(text));
    const written = Array.from({ length: 5_000 }, (_, index) => `line ${index} ${'x'.repeat(80)}\n`).join('');

    for (const line of written.split(/(?<=\n)/)) sink.write(line);
    let read = '';
    const buffer = Buffer.alloc(65_536);
    while (read.length < written.length) {
      sink.flush();
      read += buffer.toString('utf8', 0, readSync(descriptor, buffer));
    }
    await turn();

    expect(read).toBe(written);
    expect(told).toEqual([]);
  });
});
