import type { INestApplication } from '@nestjs/common';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ERROR_ANSWER } from './orchestrator/docs/envelope-docs';
import { HTTP_SETTINGS, type HttpSettings } from './service-core';
import { loadSwagger } from './shared/docs/documented';
import { withSharedResponses } from './shared/docs/shared-responses';

const DESCRIPTION =
  'A durable queue of tasks for coding agents and other workers. Creators file tasks; workers claim them one by ' +
  'one, under a lease, and report how they ended.';

const TAGS = {
  tasks: 'Filing tasks, claiming them, ending them, and looking at them',
  batches: 'The same for many tasks in one request',
  workers: 'Who works, and on what',
  events: 'What happens to tasks, as it happens',
  configuration: 'What the operator has set, and can change while the service runs',
  health: 'How the service is',
} as const;

const TEXT = { type: 'string' } as const;
const COUNT = { type: 'integer', minimum: 0 } as const;

/** What answers carry in their headers. */
const HEADERS = {
  'X-Request-ID': { description: "The caller's id of the request, or a new one", schema: TEXT },
  'X-RateLimit-Limit': {
    description: 'Requests of a minute; absent when they are not limited',
    schema: COUNT,
  },
  'X-RateLimit-Remaining': { description: 'Requests that are left', schema: COUNT },
  'X-RateLimit-Reset': {
    description: 'When all of them are there again',
    schema: { type: 'string', format: 'date-time' },
  },
  'Idempotency-Replayed': {
    description: 'Present, and true, when nothing was done again, and this is the first outcome',
    schema: TEXT,
  },
  'Retry-After': { description: 'Seconds after which to try again', schema: COUNT },
  'WWW-Authenticate': { description: 'How to authenticate', schema: TEXT },
} as const;

/** Describes every route of an application, as OpenAPI 3.1. */
export async function buildOpenApi(app: INestApplication): Promise<OpenAPIObject> {
  const { DocumentBuilder, SwaggerModule } = await loadSwagger();
  const { version } = app.get<HttpSettings>(HTTP_SETTINGS);
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Task orchestrator')
    .setDescription(DESCRIPTION)
    .setVersion(version)
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addServer('/', 'This service')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key' }, 'api-key')
    .addSecurityRequirements('api-key');
  for (const [name, description] of Object.entries(TAGS)) builder.addTag(name, description);
  const config = builder.build();
  const document = SwaggerModule.createDocument(app, {
    ...config,
    components: { ...config.components, headers: HEADERS, schemas: { ErrorAnswer: ERROR_ANSWER } },
  });
  return withSharedResponses(closed(document));
}

/** Says of every body what the service does with fields that it does not know: it refuses them. */
function closed(document: OpenAPIObject): OpenAPIObject {
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
    if (name.endsWith('Body')) Object.assign(schema, { additionalProperties: false });
  }
  return document;
}
