import {
  ConfigurationContradictory,
  ConfigurationNeedsRestart,
  ConfigurationShutsOutCaller,
} from '@task/domain';
import type { EndpointDoc } from '../../shared/docs/endpoint';
import { Refusal } from '../../shared/failures/refusal';
import { answers, fails } from '../docs/envelope-docs';
import { ALWAYS_POSSIBLE, needsRole, UNKNOWN_FIELD, WITH_A_BODY } from '../docs/failure-examples';
import { ChangeConfigurationBody } from './configuration.body';
import { ConfigurationChanged, ConfigurationChangeView, ConfigurationView } from './configuration.views';

const tag = 'configuration';

const SETTINGS: ConfigurationView = {
  server: { host: '127.0.0.1', port: 8080, workers: 1, timeout: 30 },
  database: { url: 'sqlite:///data/tasks.db', max_connections: 100, timeout: 30 },
  security: {
    enable_auth: true,
    api_key_required: true,
    rate_limit: { requests_per_minute: 1000, burst_size: 100 },
  },
  queue: { lease_seconds: 1800 },
  executor: { concurrency: 4, max_queue: 10_000 },
  logging: { level: 'info', format: 'json', file: null },
  origins: { 'server.host': 'environment', 'server.port': 'default', 'logging.level': 'stored' },
};

const CHANGED: ConfigurationChanged = {
  message: 'Configuration updated successfully',
  changes: [
    { field: 'logging.level', old_value: 'info', new_value: 'debug' },
    { field: 'security.rate_limit.requests_per_minute', old_value: 1000, new_value: 2000 },
  ],
  applied_at: '2025-08-18T10:00:00.000Z',
};

const BROKEN_RULES = {
  bad_values: Refusal.ofFields([
    {
      field: 'logging.level',
      reason: 'not_one_of',
      constraints: { allowed: ['fatal', 'error', 'warn', 'info', 'debug', 'trace'] },
    },
  ]),
};

const REFUSED = {
  needs_restart: new ConfigurationNeedsRestart([{ field: 'server.port', name: 'SERVER_PORT' }]),
  contradictory: new ConfigurationContradictory([
    'CORS_ORIGINS: * is not allowed, since ENABLE_AUTH is false, and every page in a browser here could do everything',
  ]),
  shuts_out_caller: new ConfigurationShutsOutCaller('192.0.2.7'),
};

/** GET /api/v1/config */
export const GET_CONFIGURATION: EndpointDoc = {
  id: 'getConfiguration',
  tag,
  summary: 'Read the settings',
  description: 'Every setting as it is now, and where its value comes from. Secrets are masked.',
  answers: () => [
    answers(200, ConfigurationView, { settings: SETTINGS }),
    ...fails({ ...ALWAYS_POSSIBLE, ...needsRole('admin'), ...UNKNOWN_FIELD }),
  ],
};

/** PUT /api/v1/config */
export const CHANGE_CONFIGURATION: EndpointDoc = {
  id: 'changeConfiguration',
  tag,
  summary: 'Change settings',
  description:
    'Checks everything first, then changes all of it or nothing. It holds from the next request on, and after ' +
    'restarts. Only what differs is a change: what was read can be sent back whole. `null` takes back what was ' +
    'changed before.',
  request: {
    type: ChangeConfigurationBody,
    required: true,
    example: { logging: { level: 'debug' }, security: { rate_limit: { requests_per_minute: 2000 } } },
  },
  answers: () => [
    {
      ...answers(200, ConfigurationChanged, { changed: CHANGED }),
      models: [ConfigurationChanged, ConfigurationChangeView],
    },
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...WITH_A_BODY,
      ...needsRole('admin'),
      ...UNKNOWN_FIELD,
      ...BROKEN_RULES,
      ...REFUSED,
    }),
  ],
};
