import { TASK_RULES } from '@task/domain';
import { TASK_TYPE_TABLE } from '../task-types/task-type-table';
import { EXECUTOR_SETTINGS } from './executor-settings';
import { SECURITY_SETTINGS } from './security-settings';
import {
  databaseUrl,
  decimal,
  line,
  optional,
  setting,
  table,
  whole,
  word,
  yesOrNo,
  type Setting,
} from './setting';

/** How much is logged, least first. */
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;
/** How it looks. */
export const LOG_FORMATS = ['json', 'pretty'] as const;

const DAY_SECONDS = 86_400;

/**
 * Every setting there is: validation, `--help` and the README's table are made from this. Source: behaviour.md 10.
 */
export const SETTINGS = {
  configFile: setting({
    name: 'CONFIG_FILE',
    place: null,
    takes: optional(line({ min: 1, max: 4096 })),
    fallback: null,
    about: 'TOML file with the settings below; the environment wins over it',
  }),

  serverHost: setting({
    name: 'SERVER_HOST',
    place: 'server.host',
    takes: line({ min: 1, max: 253 }),
    fallback: '127.0.0.1',
    about: 'Address to listen on; 0.0.0.0 for every interface',
  }),
  serverPort: setting({
    name: 'SERVER_PORT',
    place: 'server.port',
    takes: whole({ min: 0, max: 65_535 }),
    fallback: 8080,
    about: 'Port to listen on; 0 takes any free one',
  }),
  taskManagerPort: setting({
    name: 'TASK_MANAGER_PORT',
    place: 'server.task_manager_port',
    takes: whole({ min: 0, max: 65_535 }),
    fallback: 8084,
    about: 'Port of the knowledge-base task manager alone; 0 leaves it to `/task-manager` on SERVER_PORT',
  }),
  serverWorkers: setting({
    name: 'SERVER_WORKERS',
    place: 'server.workers',
    takes: optional(whole({ min: 1, max: 1024 })),
    fallback: null,
    about: 'Accepted for the sake of older files',
    withoutEffect: 'one process serves all requests',
  }),
  maxConnections: setting({
    name: 'MAX_CONNECTIONS',
    place: 'server.max_connections',
    takes: whole({ min: 1, max: 100_000 }),
    fallback: 1000,
    about: 'Connections of one port beyond this number are closed at once',
  }),
  maxEventStreams: setting({
    name: 'MAX_EVENT_STREAMS',
    place: 'server.max_event_streams',
    takes: whole({ min: 0, max: 100_000 }),
    fallback: 500,
    about: 'Readers that can follow events at once; beyond, 503',
    isLive: true,
  }),
  requestTimeoutSeconds: setting({
    name: 'REQUEST_TIMEOUT_SECONDS',
    place: 'server.request_timeout_seconds',
    field: 'server.timeout',
    takes: decimal(0.1, 300),
    fallback: 30,
    about: 'A request that is not answered by then gets 504',
  }),
  shutdownGraceSeconds: setting({
    name: 'SHUTDOWN_GRACE_SECONDS',
    place: 'server.shutdown_grace_seconds',
    takes: decimal(0, 3600),
    fallback: 20,
    about: 'How long running requests may take to end after SIGTERM or SIGINT',
    isLive: true,
  }),
  enableDocs: setting({
    name: 'ENABLE_DOCS',
    place: 'server.enable_docs',
    takes: yesOrNo(),
    fallback: true,
    about: 'Serves /docs and /openapi.json, to everybody',
  }),

  databaseUrl: setting({
    name: 'DATABASE_URL',
    place: 'database.url',
    takes: databaseUrl(),
    fallback: 'sqlite:///data/tasks.db',
    about: 'Where the tasks are kept',
  }),
  databaseMaxConnections: setting({
    name: 'DATABASE_MAX_CONNECTIONS',
    place: 'database.max_connections',
    takes: whole({ min: 2, max: 1000 }),
    fallback: 100,
    about: 'Size of the pool; PostgreSQL only',
  }),
  databaseMinConnections: setting({
    name: 'DATABASE_MIN_CONNECTIONS',
    place: 'database.min_connections',
    takes: whole({ min: 0, max: 1000 }),
    fallback: 10,
    about: 'Connections that are opened at the start and kept; never more than DATABASE_MAX_CONNECTIONS',
  }),
  databaseIdleSeconds: setting({
    name: 'DATABASE_IDLE_SECONDS',
    place: 'database.idle_seconds',
    takes: whole({ min: 1, max: DAY_SECONDS }),
    fallback: 300,
    about: 'How long connections beyond DATABASE_MIN_CONNECTIONS are kept without use',
  }),
  databaseTimeoutSeconds: setting({
    name: 'DATABASE_TIMEOUT_SECONDS',
    place: 'database.timeout_seconds',
    field: 'database.timeout',
    takes: decimal(0.1, 300),
    fallback: 30,
    about: 'A database that does not answer by then counts as away',
  }),

  databaseEncryptionKey: setting({
    name: 'DATABASE_ENCRYPTION_KEY',
    place: 'database.encryption_key',
    takes: optional(line({ min: 16, max: 512 })),
    fallback: null,
    about:
      'Opens an encrypted SQLite file, or makes a new one encrypted; "encrypt" converts one that is there',
    isSecret: true,
  }),

  ...SECURITY_SETTINGS,

  leaseSeconds: setting({
    name: 'LEASE_SECONDS',
    place: 'queue.lease_seconds',
    takes: whole(TASK_RULES.leaseSeconds),
    fallback: 1800,
    about: 'Length of a lease whose claim asks for none',
    isLive: true,
  }),
  workerTtlSeconds: setting({
    name: 'WORKER_TTL_SECONDS',
    place: 'queue.worker_ttl_seconds',
    takes: whole({ min: 1, max: DAY_SECONDS }),
    fallback: 60,
    about: 'How long a worker counts as alive after it was last seen',
    isLive: true,
  }),
  requireLeaseToken: setting({
    name: 'REQUIRE_LEASE_TOKEN',
    place: 'queue.require_lease_token',
    takes: yesOrNo(),
    fallback: false,
    about: 'Refuses what a worker says about a task without its lease token',
    isLive: true,
  }),
  maxQueueSize: setting({
    name: 'MAX_QUEUE_SIZE',
    place: 'queue.max_queue_size',
    takes: whole({ min: 1, max: 1_000_000_000 }),
    fallback: 10_000_000,
    about: 'Waiting tasks beyond which no new one is taken',
    isLive: true,
  }),
  maxMemoryShare: setting({
    name: 'MAX_MEMORY_SHARE',
    place: 'queue.max_memory_share',
    takes: decimal(0.05, 1),
    fallback: 0.85,
    about:
      'Share of the heap, or of what the container may use, from which new tasks, lists and statistics are refused; 1 refuses none',
    isLive: true,
  }),
  retentionDays: setting({
    name: 'RETENTION_DAYS',
    place: 'queue.retention_days',
    takes: whole({ min: 0, max: 36_500 }),
    fallback: 0,
    about: 'Tasks that ended longer ago are archived: read by their id, no longer in lists; 0 keeps them',
    isLive: true,
  }),
  promptMatchThreshold: setting({
    name: 'PROMPT_MATCH_THRESHOLD',
    place: 'queue.prompt_match_threshold',
    takes: decimal(0, 1),
    fallback: 0.8,
    about: 'How alike original_prompt and the prompt of the task must be',
    isLive: true,
  }),
  promptMinWords: setting({
    name: 'PROMPT_MIN_WORDS',
    place: 'queue.prompt_min_words',
    takes: whole({ min: 0, max: 5000 }),
    fallback: 0,
    about: 'Words that a prompt must have',
    isLive: true,
  }),
  retryBaseSeconds: setting({
    name: 'RETRY_BASE_SECONDS',
    place: 'queue.retry_base_seconds',
    takes: decimal(0, DAY_SECONDS),
    fallback: 5,
    about: 'First wait of a task that retries itself; it doubles each time',
    isLive: true,
  }),
  retryCapSeconds: setting({
    name: 'RETRY_CAP_SECONDS',
    place: 'queue.retry_cap_seconds',
    takes: decimal(0, DAY_SECONDS),
    fallback: 900,
    about: 'Longest wait of a task that retries itself',
    isLive: true,
  }),

  taskTypes: setting({
    name: 'TASK_TYPES',
    place: 'task_types',
    field: 'queue.task_types',
    takes: optional(
      table(
        TASK_TYPE_TABLE,
        'a table by type name, each with any of timeout, max_retries, retry_base_seconds, retry_cap_seconds, ' +
          'payload_schema (a JSON Schema); in the environment JSON',
      ),
    ),
    fallback: null,
    about: 'More types of tasks, and what holds for a task of each that says nothing else',
  }),

  ...EXECUTOR_SETTINGS,

  logLevel: setting({
    name: 'LOG_LEVEL',
    place: 'logging.level',
    takes: word(LOG_LEVELS),
    fallback: 'info',
    about: 'How much is logged',
    isLive: true,
  }),
  logFormat: setting({
    name: 'LOG_FORMAT',
    place: 'logging.format',
    takes: optional(word(LOG_FORMATS)),
    fallback: null,
    about: 'Unset: pretty on a terminal, json elsewhere',
  }),
  logFile: setting({
    name: 'LOG_FILE',
    place: 'logging.file',
    takes: optional(line({ min: 1, max: 4096 })),
    fallback: null,
    about: 'Appends the log to this file instead of standard output',
  }),
} as const;

/** The name that the code gives to a setting. */
export type SettingKey = keyof typeof SETTINGS;

/** The value of every setting; of those that are live, to be read anew at every use. */
export type Settings = {
  readonly [K in SettingKey]: (typeof SETTINGS)[K] extends Setting<infer T> ? T : never;
};
