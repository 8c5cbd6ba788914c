import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express';
import helmet from 'helmet';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonExpressAdapter } from './json-express-adapter';
import { buildOpenApi, MAIN_DOCUMENT, TASK_MANAGER_DOCUMENT, type ApiDocument } from './openapi';
import { HTTP_SETTINGS, type HttpSettings } from './service-core';
import { Open } from './shared/access/needs';
import { loadSwagger } from './shared/docs/documented';
import { FailureFilter } from './shared/failures/failure.filter';
import { onceItWorks } from './shared/once-it-works';

const DOCUMENTS = [MAIN_DOCUMENT, TASK_MANAGER_DOCUMENT];
const PATHS = ['/docs', '/docs/*path', '/openapi.json'];

type Handler = (request: IncomingMessage, response: ServerResponse, next: (error?: unknown) => void) => void;

/** Serves the Swagger UI of each document. Everything that it needs is loaded when somebody comes to look. */
export function serveDocs(app: NestExpressApplication): void {
  for (const about of DOCUMENTS) serveDocument(app, about);
}

function serveDocument(app: NestExpressApplication, about: ApiDocument): void {
  const opened = onceItWorks(() => openDocs(app, about));
  const handle = async (...exchange: Parameters<Handler>): Promise<void> => {
    const docs = await opened();
    docs(...exchange);
  };
  Open()(handle);
  for (const path of PATHS) (app.getHttpAdapter() as JsonExpressAdapter).get(about.under + path, handle);
}

/** Has no routes of Nest's: the pages are added to its adapter. */
@Module({})
class DocsModule {}

/** An application of its own: routes cannot be added to one that serves already. */
async function openDocs(app: NestExpressApplication, about: ApiDocument): Promise<Handler> {
  const [{ SwaggerModule }, document] = await Promise.all([loadSwagger(), buildOpenApi(app, about)]);
  const adapter = new ExpressAdapter();
  const docs = await NestFactory.create<NestExpressApplication>(DocsModule, adapter, {
    bodyParser: false,
    // What fails here must not end the service.
    abortOnError: false,
    // Whatever is given here becomes the logger of the whole process.
    logger: app.get<HttpSettings>(HTTP_SETTINGS).logger,
  });
  docs.disable('x-powered-by');
  docs.useGlobalFilters(app.get(FailureFilter));
  docs.use(helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } }, hsts: false }));
  SwaggerModule.setup(`${about.under}/docs`, docs, document, {
    jsonDocumentUrl: `${about.under}/openapi.json`,
    raw: ['json'],
  });
  await docs.init();
  return adapter.getInstance<Handler>();
}
