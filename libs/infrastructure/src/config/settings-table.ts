import { TASK_RULES } from '@task/domain';
import {
  bearerSecret,
  databaseUrl,
  decimal,
  line,
  lines,
  optional,
  setting,
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
    about: 'Connections beyond this number are closed at once',
  }),
  maxEventStreams: setting({
    name: 'MAX_EVENT_STREAMS',
    place: 'server.max_event_streams',
    takes: whole({ min: 0, max: 100_000 }),
    fallback: 500,
    about: 'Readers that can follow events at once; beyond, 503',
  }),
  requestTimeoutSeconds: setting({
    name: 'REQUEST_TIMEOUT_SECONDS',
    place: 'server.request_timeout_seconds',
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
  databaseTimeoutSeconds: setting({
    name: 'DATABASE_TIMEOUT_SECONDS',
    place: 'database.timeout_seconds',
    takes: decimal(0.1, 300),
    fallback: 30,
    about: 'A database that does not answer by then counts as away',
  }),

  apiSecretKey: setting({
    name: 'API_SECRET_KEY',
    place: 'security.api_key',
    takes: optional(bearerSecret({ min: 16, max: 512 })),
    fallback: null,
    about: 'An API key with the role admin; without it the first start makes one',
    isSecret: true,
  }),
  enableAuth: setting({
    name: 'ENABLE_AUTH',
    place: 'security.enable_auth',
    takes: yesOrNo(),
    fallback: true,
    about: 'Asks every caller for an API key; false is refused beyond loopback',
  }),
  allowInsecure: setting({
    name: 'ALLOW_INSECURE',
    place: 'security.allow_insecure',
    takes: yesOrNo(),
    fallback: false,
    about: 'Permits ENABLE_AUTH=false beyond loopback',
  }),
  enableCors: setting({
    name: 'ENABLE_CORS',
    place: 'security.enable_cors',
    takes: yesOrNo(),
    fallback: false,
    about: 'Accepted for the sake of older files',
    withoutEffect: 'pages of other origins are not let in yet',
  }),
  corsOrigins: setting({
    name: 'CORS_ORIGINS',
    place: 'security.cors_origins',
    takes: lines(100),
    fallback: [],
    about: 'Accepted for the sake of older files',
    withoutEffect: 'pages of other origins are not let in yet',
  }),
  rateLimitRequestsPerMinute: setting({
    name: 'RATE_LIMIT_REQUESTS_PER_MINUTE',
    place: 'rate_limit.requests_per_minute',
    takes: whole({ min: 0, max: 10_000_000 }),
    fallback: 1000,
    about: 'Requests of one API key, and of one address, in a minute; 0 for no limit',
  }),
  rateLimitBurstSize: setting({
    name: 'RATE_LIMIT_BURST_SIZE',
    place: 'rate_limit.burst_size',
    takes: whole({ min: 0, max: 10_000_000 }),
    fallback: 100,
    about: 'The same in a second; 0 for no limit',
  }),

  mcpAllowedHosts: setting({
    name: 'MCP_ALLOWED_HOSTS',
    place: 'mcp.allowed_hosts',
    takes: lines(100),
    fallback: [],
    about: 'Names under which /mcp may be asked for, beside localhost and addresses',
  }),

  leaseSeconds: setting({
    name: 'LEASE_SECONDS',
    place: 'queue.lease_seconds',
    takes: whole(TASK_RULES.leaseSeconds),
    fallback: 1800,
    about: 'Length of a lease whose claim asks for none',
  }),
  workerTtlSeconds: setting({
    name: 'WORKER_TTL_SECONDS',
    place: 'queue.worker_ttl_seconds',
    takes: whole({ min: 1, max: DAY_SECONDS }),
    fallback: 60,
    about: 'How long a worker counts as alive after it was last seen',
  }),
  requireLeaseToken: setting({
    name: 'REQUIRE_LEASE_TOKEN',
    place: 'queue.require_lease_token',
    takes: yesOrNo(),
    fallback: false,
    about: 'Refuses what a worker says about a task without its lease token',
  }),
  maxQueueSize: setting({
    name: 'MAX_QUEUE_SIZE',
    place: 'queue.max_queue_size',
    takes: whole({ min: 1, max: 1_000_000_000 }),
    fallback: 10_000_000,
    about: 'Waiting tasks beyond which no new one is taken',
  }),
  promptMatchThreshold: setting({
    name: 'PROMPT_MATCH_THRESHOLD',
    place: 'queue.prompt_match_threshold',
    takes: decimal(0, 1),
    fallback: 0.8,
    about: 'How alike original_prompt and the prompt of the task must be',
  }),
  promptMinWords: setting({
    name: 'PROMPT_MIN_WORDS',
    place: 'queue.prompt_min_words',
    takes: whole({ min: 0, max: 5000 }),
    fallback: 0,
    about: 'Words that a prompt must have',
  }),
  retryBaseSeconds: setting({
    name: 'RETRY_BASE_SECONDS',
    place: 'queue.retry_base_seconds',
    takes: decimal(0, DAY_SECONDS),
    fallback: 5,
    about: 'First wait of a task that retries itself; it doubles each time',
  }),
  retryCapSeconds: setting({
    name: 'RETRY_CAP_SECONDS',
    place: 'queue.retry_cap_seconds',
    takes: decimal(0, DAY_SECONDS),
    fallback: 900,
    about: 'Longest wait of a task that retries itself',
  }),

  logLevel: setting({
    name: 'LOG_LEVEL',
    place: 'logging.level',
    takes: word(LOG_LEVELS),
    fallback: 'info',
    about: 'How much is logged',
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

/** The value of every setting. */
export type Settings = {
  readonly [K in SettingKey]: (typeof SETTINGS)[K] extends Setting<infer T> ? T : never;
};
