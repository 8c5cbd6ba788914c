import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { loadSettings, openLog, type Log } from '@task/infrastructure';
import type { CommandContext } from '../context';
import { StopSignals } from '../stop-signals';
import { Bridge } from './bridge';
import { Lines } from './lines';
import { Upstream } from './upstream';

const STOPPED = 0;
const BROKEN = 1;
const STANDARD_ERROR = 2;
/** What a client that has gone still gets for its running requests, ms. */
const LAST_WORDS_MS = 5_000;

/**
 * Speaks MCP on standard input and output, until the client closes its end. Nothing else is ever written to standard
 * output: the log goes to standard error.
 * @returns the exit code
 */
export async function mcp(context: CommandContext): Promise<number> {
  const { settings, warnings } = loadSettings(context);
  const { logLevel: level, logFile: file } = settings;
  const opened = openLog({ level, format: settings.logFormat ?? 'json', file, descriptor: STANDARD_ERROR });
  const { log } = opened;
  process.once('exit', () => opened.flush());
  for (const warning of warnings) log.warn(warning);
  const upstream = new Upstream(context, opened);
  endWithProcess(upstream, log);
  const bridge = new Bridge(upstream, (message) => process.stdout.write(`${message}\n`));
  const closed = passLines(process.stdin, bridge);
  const { first } = new StopSignals(() => process.exit(BROKEN));
  await upstream.client();
  await Promise.race([closed, first]);
  process.stdin.pause();
  await Promise.race([bridge.end(), pause(LAST_WORDS_MS, undefined, { ref: false })]);
  const stopped = upstream.stop().then(() => STOPPED);
  return Promise.race([stopped, pause(settings.shutdownGraceSeconds * 1000, BROKEN)]);
}

/** @returns when the client has closed its end, or it broke */
function passLines(input: Readable, bridge: Bridge): Promise<void> {
  const lines = new Lines((line) => bridge.take(line));
  input.on('data', (chunk: Buffer) => lines.write(chunk));
  return new Promise((resolve) => {
    input.on('error', () => resolve());
    input.once('end', () => {
      lines.end();
      resolve();
    });
  });
}

function endWithProcess(upstream: Upstream, log: Log): void {
  process.once('exit', () => upstream.leave());
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'unexpected failure: the process ends');
    process.exit(BROKEN);
  });
}
