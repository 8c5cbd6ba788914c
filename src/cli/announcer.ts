import type { Log, LoggerOptions } from '@task/infrastructure';

/** What people want to know about a service that has just started. */
export interface Started {
  readonly version: string;
  readonly url: string;
  /** Where the task manager alone is; null where it has no port of its own. */
  readonly taskManagerUrl: string | null;
  readonly docs: string | null;
  readonly database: string;
  readonly socket: string | null;
  /** The file with the admin key; null when there is none. */
  readonly adminKeyFile: string | null;
  /** Whether API_SECRET_KEY is set. */
  readonly hasConfiguredKey: boolean;
  readonly durationMs: number;
}

/** Who reads standard output: people, or machines that collect a log. */
export type Audience = Pick<LoggerOptions, 'format' | 'file'>;

/** Tells whoever started the service where it is. */
export class Announcer {
  constructor(
    private readonly log: Log,
    private readonly audience: Audience,
    private readonly out: NodeJS.WritableStream,
  ) {}

  /** A line of the log for machines, a few lines on standard output for people. */
  started(started: Started): void {
    if (!this.isForPeople || this.audience.file !== null) this.logStart(started);
    if (this.isForPeople) this.say(banner(started));
  }

  /** Shows a new key this once; never in the log file, which nobody empties. */
  newKey(secret: string, file: string): void {
    if (this.isForPeople) {
      this.say(`\n  A new admin key, shown only now and kept in ${file}:\n\n      ${secret}\n`);
      return;
    }
    const time = new Date().toISOString();
    this.say(
      JSON.stringify({ level: 'info', time, admin_key: secret, admin_key_file: file, msg: 'admin key made' }),
    );
  }

  private logStart({
    url,
    taskManagerUrl,
    docs,
    database,
    socket,
    adminKeyFile,
    version,
    durationMs,
  }: Started): void {
    const optional = {
      ...(taskManagerUrl !== null && { task_manager: taskManagerUrl }),
      ...(docs !== null && { docs }),
      ...(socket !== null && { socket }),
      ...(adminKeyFile !== null && { admin_key_file: adminKeyFile }),
    };
    this.log.info({ url, ...optional, database, version, duration_ms: durationMs }, 'ready');
  }

  /** A terminal shows it, or the log goes to a file and standard output is free. */
  private get isForPeople(): boolean {
    return this.audience.format === 'pretty' || this.audience.file !== null;
  }

  private say(text: string): void {
    this.out.write(`${text}\n`);
  }
}

function banner({
  version,
  url,
  taskManagerUrl,
  docs,
  database,
  socket,
  durationMs,
  ...keys
}: Started): string {
  const rows = [
    ['listening on', url],
    ...(taskManagerUrl === null ? [] : [['task manager', taskManagerUrl]]),
    ['documentation', docs ?? 'off (ENABLE_DOCS=false)'],
    ['admin key', whereTheKeyIs(keys)],
    ['database', database],
    ...(socket === null ? [] : [['local socket', socket]]),
  ];
  const lines = rows.map(([name = '', value = '']) => `  ${name.padEnd(15)}${value}`);
  return [`\ntask-orchestrator ${version} is ready after ${durationMs} ms\n`, ...lines, ''].join('\n');
}

function whereTheKeyIs({
  adminKeyFile,
  hasConfiguredKey,
}: Pick<Started, 'adminKeyFile' | 'hasConfiguredKey'>): string {
  if (hasConfiguredKey) return 'API_SECRET_KEY, as it is set';
  return adminKeyFile ?? 'made at an earlier start; its file is not there any more';
}
