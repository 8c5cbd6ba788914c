import { setTimeout as pause } from 'node:timers/promises';
import {
  LiveSettings,
  loadSettings,
  openLog,
  SETTINGS,
  type Log,
  type LoggerOptions,
  type Settings,
} from '@task/infrastructure';
import { Announcer } from './announcer';
import type { CommandContext } from './context';
import { ReloadSignal } from './reload-signal';
import { Service } from './service';
import { StopSignals } from './stop-signals';
import { packageVersion } from './version';

const STOPPED = 0;
const FORCED = 1;
const BROKEN = 1;

/** Runs the service until it is told to stop. @returns the exit code */
export async function serve(context: CommandContext): Promise<number> {
  const loaded = loadSettings(context);
  const live = new LiveSettings(loaded);
  const settings = live.values;
  const logging = loggingOf(settings);
  const opened = openLog(logging);
  const { log } = opened;
  live.onChange(() => opened.setLevel(settings.logLevel));
  process.once('exit', () => opened.flush());
  for (const warning of loaded.warnings) log.warn(warning);
  const announcer = new Announcer(log, logging, process.stdout);
  const reload = new ReloadSignal(log);
  if (!process.stdin.isTTY && !process.stdout.isTTY) reload.listen();
  if (settings.logFile !== null) reload.add(SETTINGS.logFile.name, () => opened.reopen());
  const service = new Service({
    live,
    log,
    requestLines: opened.requests,
    reload,
    context,
    onNewKey: (...key) => announcer.newKey(...key),
  });
  const signals = endWithProcess(service, log);
  const { url, ...rest } = await service.start();
  if (url === null) throw new Error('the service listens nowhere');
  announcer.started({
    ...rest,
    url,
    docs: settings.enableDocs ? `${url}/docs` : null,
    version: packageVersion(),
    hasConfiguredKey: settings.apiSecretKey !== null,
    durationMs: Math.round(performance.now()),
  });
  if (!settings.enableAuth) log.warn('ENABLE_AUTH=false: whoever reaches this service may do everything');
  const signal = await signals.first;
  log.info({ signal }, 'stopping: running requests are answered');
  return stop(service, log, settings.shutdownGraceSeconds);
}

function loggingOf({ logLevel, logFormat, logFile }: Settings): LoggerOptions {
  const isTerminal = process.stdout.isTTY;
  const format = logFormat ?? (isTerminal && logFile === null ? 'pretty' : 'json');
  return { level: logLevel, format, file: logFile, isTerminal };
}

/** Sees to it that the process never stays half alive, and leaves nothing behind that says it serves. */
function endWithProcess(service: Service, log: Log): StopSignals {
  process.once('exit', () => service.leave());
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'unexpected failure: the process ends');
    process.exit(BROKEN);
  });
  return new StopSignals((signal) => {
    log.warn({ signal, running: service.unanswered }, 'stopped at once');
    process.exit(FORCED);
  });
}

async function stop(service: Service, log: Log, graceSeconds: number): Promise<number> {
  const stopped = service.stop().then(() => true);
  if (await Promise.race([stopped, pause(graceSeconds * 1000, false)])) {
    log.info('stopped');
    return STOPPED;
  }
  log.error(
    { running: service.unanswered },
    `not stopped after ${graceSeconds} s: cutting off what still runs`,
  );
  return FORCED;
}
