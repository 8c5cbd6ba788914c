import { Injectable, Logger } from '@nestjs/common';
import { StoreUnavailable } from '@task/application';
import type { Request, Response } from 'express';
import { exchangeOf } from '../exchange/exchange';
import { sendJson } from '../exchange/send-json';
import { languageOf } from '../language/language';
import { FailureRenderers } from './dialects';
import { failureOf, Unexpected, type Failure } from './failure';
import type { FailureAnswer } from './failure-renderer';
import { RouteTable } from './route-table';

/** Answers failures, and logs the ones that nobody foresaw, once each. */
@Injectable()
export class FailureWriter {
  private readonly logger = new Logger('http');

  constructor(
    private readonly renderers: FailureRenderers,
    private readonly routes: RouteTable,
  ) {}

  write(request: Request, response: Response, error: unknown): void {
    const { status, headers, body } = this.answerTo(request, error);
    if (response.headersSent) {
      // Half an answer has left: cutting it off is the only way to tell that it is not whole.
      if (!response.writableEnded) response.destroy();
      return;
    }
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    sendJson(response, status, body);
  }

  /** What a failure is answered with, whole or as a part of an answer; logs it when nobody foresaw it. */
  answerTo(request: Request, error: unknown): FailureAnswer {
    return this.renderers.of(request.path).render(this.sorted(request, error), languageOf(request));
  }

  /** What kind of failure it is, for whoever words it by itself; logs it when nobody foresaw it. */
  sorted(request: Request, error: unknown): Failure {
    const failure = failureOf(error, request.method, this.routes.methodsOf(request.path));
    this.log(request, failure);
    return failure;
  }

  private log(request: Request, failure: Failure): void {
    if (failure instanceof Unexpected) {
      const { id, cause } = failure;
      this.logger.error({ event: 'request_failed', error_id: id, ...logEntry(request, cause) });
    } else if (failure instanceof StoreUnavailable && failure.fault === 'unknown') {
      this.logger.warn({ event: 'store_failed', ...logEntry(request, failure.cause) });
    }
  }
}

/** Nothing of what a caller sent: neither body nor query, and no message, since messages quote both. */
function logEntry(request: Request, cause: unknown): object {
  const error = cause instanceof Error ? cause : new Error('something else than an error was thrown');
  return {
    request_id: exchangeOf(request).id,
    method: request.method,
    route: routeOf(request),
    error: error.name,
    code: 'code' in error && typeof error.code === 'string' ? error.code : undefined,
    stack: error.stack?.split('\n').filter((line) => /^\s+at /.test(line)),
  };
}

/** The pattern of the route, not the path: a path can hold anything. */
function routeOf({ route }: Request): string | undefined {
  const matched: unknown = route;
  if (typeof matched !== 'object' || matched === null || !('path' in matched)) return undefined;
  return typeof matched.path === 'string' ? matched.path : undefined;
}
