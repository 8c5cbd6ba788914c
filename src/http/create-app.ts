import type { DynamicModule, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { AppModule } from '../app.module';
import { JsonExpressAdapter } from './json-express-adapter';
import { serveDocs } from './serve-docs';
import type { HttpSettings, ServiceCore } from './service-core';
import { Edge } from './shared/exchange/edge';
import { parseQuery } from './shared/exchange/query-text';

/**
 * Builds the HTTP side of a service; it does not listen yet.
 * @param extraImports modules with further routes, under the same guard, pipe and filter
 */
export async function createApp(
  core: ServiceCore,
  settings: HttpSettings,
  extraImports: readonly (Type | DynamicModule)[] = [],
): Promise<NestExpressApplication> {
  const adapter = new JsonExpressAdapter();
  const module = AppModule.of({ core, settings, routes: adapter.routes, extraImports });
  const { logger } = settings;
  const app = await NestFactory.create<NestExpressApplication>(module, adapter, {
    bodyParser: false,
    logger,
    abortOnError: false,
  });
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', parseQuery);
  app.use(app.get(Edge).handle);
  if (settings.enableDocs) serveDocs(app);
  return app;
}
