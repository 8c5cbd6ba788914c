import type { INestApplication, Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { ERROR_ANSWER } from './orchestrator/docs/envelope-docs';
import { TASK_MANAGER_API } from './task-manager/docs/api';
import { TaskManagerModule } from './task-manager/task-manager.module';
import { HTTP_SETTINGS, type HttpSettings } from './service-core';
import { TASK_MANAGER_PATH } from './shared/dialect-paths';
import { loadSwagger } from './shared/docs/documented';
import type { Schema } from './shared/docs/endpoint';
import { withSharedResponses } from './shared/docs/shared-responses';

const DESCRIPTION =
  'A durable queue of tasks for coding agents and other workers. Creators file tasks; workers claim them one by ' +
  'one, under a lease, and report how they ended.';

const TAGS = {
  tasks: 'Filing tasks, claiming them, ending them, and looking at them',
  batches: 'The same for many tasks in one request',
  schedules: 'Tasks that come again and again',
  workers: 'Who works, and on what',
  'agent tasks': 'Tasks that the service itself runs',
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

/** One of the documents that an application has: which of its routes, and what is said about all of them. */
export interface ApiDocument {
  readonly title: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly errorAnswer: Schema;
  /** Under which path its routes are; '' for those that no other document has. */
  readonly under: string;
  /** Whether a module has routes of it. */
  readonly covers: (module: Type) => boolean;
}

/** Everything but the task manager. */
export const MAIN_DOCUMENT: ApiDocument = {
  title: 'Task orchestrator',
  description: DESCRIPTION,
  tags: TAGS,
  errorAnswer: ERROR_ANSWER,
  under: '',
  covers: (module) => module !== TaskManagerModule,
};

/** The task manager alone. */
export const TASK_MANAGER_DOCUMENT: ApiDocument = {
  ...TASK_MANAGER_API,
  under: TASK_MANAGER_PATH,
  covers: (module) => module === TaskManagerModule,
};

/** Describes routes of an application, as OpenAPI 3.1. */
export async function buildOpenApi(
  app: INestApplication,
  about: ApiDocument = MAIN_DOCUMENT,
): Promise<OpenAPIObject> {
  const { DocumentBuilder, SwaggerModule } = await loadSwagger();
  const { version } = app.get<HttpSettings>(HTTP_SETTINGS);
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle(about.title)
    .setDescription(about.description)
    .setVersion(version)
    .setLicense('MIT', 'https://spdx.org/licenses/MIT.html')
    .addServer(about.under || '/', 'This service')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key' }, 'api-key')
    .addSecurityRequirements('api-key');
  for (const [name, description] of Object.entries(about.tags)) builder.addTag(name, description);
  const config = builder.build();
  const components = { headers: HEADERS, schemas: { ErrorAnswer: about.errorAnswer } };
  const modules = [...app.get(ModulesContainer).values()].map(({ metatype }) => metatype);
  const document = SwaggerModule.createDocument(
    app,
    { ...config, components: { ...config.components, ...components } },
    { include: modules.filter(about.covers) },
  );
  return withSharedResponses(closed(withoutPrefix(document, about.under)));
}

/** The server's address has the prefix already. */
function withoutPrefix(document: OpenAPIObject, prefix: string): OpenAPIObject {
  const paths = Object.entries(document.paths).map(([path, item]) => [path.slice(prefix.length), item]);
  return { ...document, paths: Object.fromEntries(paths) as OpenAPIObject['paths'] };
}

/** Says of every body what the service does with fields that it does not know: it refuses them. */
function closed(document: OpenAPIObject): OpenAPIObject {
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
    if (name.endsWith('Body')) Object.assign(schema, { additionalProperties: false });
  }
  return document;
}
