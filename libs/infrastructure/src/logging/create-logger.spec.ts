import { mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Logger } from '@nestjs/common';
import { QueryFailedError } from 'typeorm';
import { createLogger, openLog, type Log, type LoggerOptions, type OpenLog } from './create-logger';
import { NestLogger } from './nest-logger';

interface Written {
  readonly log: Log;
  text(): string;
  lines(): Record<string, unknown>[];
}

function writeTo(options: Partial<LoggerOptions> = {}): Written {
  const out = new PassThrough();
  let written = '';
  out.on('data', (chunk: Buffer) => (written += chunk.toString()));
  return {
    log: createLogger({ level: 'trace', format: 'json', file: null, out, ...options }),
    text: () => written,
    lines: () =>
      written
        .split('\n')
        .filter((line) => line !== '')
        .map((line): Record<string, unknown> => JSON.parse(line)),
  };
}

describe('the log', () => {
  it('is a line of JSON with level, time and message for each entry', () => {
    const { log, lines } = writeTo();

    log.info({ url: 'http://127.0.0.1:8080' }, 'ready');

    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        url: 'http://127.0.0.1:8080',
        msg: 'ready',
      },
    ]);
  });

  it('leaves out every field that is not on its list, and objects altogether', () => {
    const { log, lines, text } = writeTo();

    log.warn(
      {
        request_id: 'a',
        prompt: 'secret',
        headers: { a: 'secret' },
        status: { a: 'secret' },
        running: ['x'],
      },
      'm',
    );

    expect(lines()).toEqual([expect.objectContaining({ request_id: 'a', running: ['x'], msg: 'm' })]);
    expect(text()).not.toContain('secret');
  });

  it('keeps a caller from forging lines or steering a terminal', () => {
    const { log, text } = writeTo({ format: 'pretty' });

    log.info({ route: '/a\n[12:00:00] INFO: forged\u001b[2J' }, 'request');

    expect(text()).not.toMatch(/^\[12:00:00] INFO: forged/m);
    expect(text()).not.toContain('\u001b');
  });

  it('says nothing below its level', () => {
    const { log, lines } = writeTo({ level: 'warn' });

    log.info('quiet');
    log.error('loud');

    expect(lines()).toEqual([expect.objectContaining({ level: 'error' })]);
  });

  it('can be read by people', () => {
    const { log, text } = writeTo({ format: 'pretty' });

    log.info({ database: '/srv/tasks.db' }, 'ready');

    expect(text()).toMatch(/INFO.*ready\n\s+database: "\/srv\/tasks\.db"/);
  });

  describe('in a file', () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'log-'))));
    afterEach(() => rmSync(folder, { recursive: true }));

    it('is appended, in a folder that is made, for the owner only', () => {
      const file = join(folder, 'deep/service.log');

      createLogger({ level: 'info', format: 'json', file }).info('one');
      createLogger({ level: 'info', format: 'json', file }).info('two');

      expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    });

    const messages = (file: string): string[] =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { msg: string; route?: string }).route ?? 'other');
    const opened = (): OpenLog & { readonly file: string } => {
      const file = join(folder, 'service.log');
      return { ...openLog({ level: 'info', format: 'json', file }), file };
    };

    it('gathers lines of requests, and writes them before any other line', () => {
      const { log, requests, file } = opened();

      requests.write('info', { route: '/a' });
      requests.write('info', { route: '/b' });
      expect(messages(file)).toEqual([]);

      log.warn('now');
      expect(messages(file)).toEqual(['/a', '/b', 'other']);
    });

    it('has every line when it was flushed', () => {
      const { requests, flush, file } = opened();
      const routes = Array.from({ length: 500 }, (_, index) => `/${index}`);
      for (const route of routes) requests.write('info', { route });

      flush();

      expect(messages(file)).toEqual(routes);
    });

    it('goes on in a new file when another program has moved it away, and loses nothing', () => {
      const { log, requests, reopen, flush, file } = opened();
      log.info('one');
      requests.write('info', { route: '/a' });
      renameSync(file, `${file}.1`);

      reopen();
      requests.write('info', { route: '/b' });
      log.info('two');
      flush();

      expect([...messages(`${file}.1`), ...messages(file)]).toEqual(['other', '/a', '/b', 'other']);
      expect(messages(file)).toContain('/b');
    });

    it('says what is of another level from now on', () => {
      const { log, requests, setLevel, file } = opened();
      setLevel('debug');
      log.debug('one');
      setLevel('warn');
      log.info('two');
      requests.write('info', { route: '/a' });
      log.warn('three');

      expect(requests.isWanted('info')).toBe(false);
      expect(messages(file)).toEqual(['other', 'other']);
    });
  });
});

describe('NestLogger', () => {
  afterEach(() =>
    Logger.overrideLogger(new NestLogger(createLogger({ level: 'fatal', format: 'json', file: null }))),
  );

  function asFramework(): Written {
    const written = writeTo();
    Logger.overrideLogger(new NestLogger(written.log));
    return written;
  }

  it('writes each level of the framework with its context', () => {
    const { lines } = asFramework();
    const logger = new Logger('Http');

    logger.verbose('1');
    logger.debug('2');
    logger.log('3');
    logger.warn('4');
    logger.error('5');
    logger.fatal('6');

    expect(lines().map(({ level, msg, context }) => [level, msg, context])).toEqual([
      ['trace', '1', 'Http'],
      ['debug', '2', 'Http'],
      ['info', '3', 'Http'],
      ['warn', '4', 'Http'],
      ['error', '5', 'Http'],
      ['fatal', '6', 'Http'],
    ]);
  });

  it('leaves what the framework tells about its start to those who debug', () => {
    const { lines } = asFramework();

    new Logger('RouterExplorer').log('Mapped {/a, GET} route');

    expect(lines()).toEqual([expect.objectContaining({ level: 'debug' })]);
  });

  it('takes fields with a message, of which only the allowed ones are written', () => {
    const { lines } = asFramework();

    new Logger('Http').error({
      message: 'failed',
      request_id: 'r-1',
      body: 'secret',
      err: new Error('boom'),
    });

    expect(lines()).toEqual([
      expect.objectContaining({
        msg: 'failed',
        context: 'Http',
        request_id: 'r-1',
        err: expect.objectContaining({ message: 'boom' }),
      }),
    ]);
    expect(JSON.stringify(lines())).not.toContain('secret');
  });

  it('never writes the parameters of a failed query, however it is given', () => {
    const { text } = asFramework();
    const driverError = Object.assign(new Error('invalid input: "secret"'), { code: '22P02' });
    const error = new QueryFailedError('SELECT $1', ['secret'], driverError);
    const logger = new Logger('Http');

    logger.error(error);
    logger.error('failed', error);
    logger.error('failed', error.stack);
    logger.error({ message: 'failed', err: error, parameters: error.parameters });

    expect(text()).toContain('22P02');
    expect(text()).not.toContain('secret');
  });

  it('keeps the frames of a stack that is given as text', () => {
    const { lines } = asFramework();

    new Logger('Http').error('failed', new Error('boom').stack);

    expect(lines()).toEqual([
      expect.objectContaining({
        context: 'Http',
        err: expect.objectContaining({ stack: expect.stringMatching(/^at /) }),
      }),
    ]);
  });
});
