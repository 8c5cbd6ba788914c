import { Injectable, Logger } from '@nestjs/common';
import { StoreUnavailable } from '@task/application';
import type { Request, Response } from 'express';
import { AccessRefusals } from '../access/access-refusals';
import { exchangeOf } from '../exchange/exchange';
import { routeOf } from '../exchange/route-of';
import { sendJson } from '../exchange/send-json';
import { languageOf } from '../language/language';
import { FailureRenderers } from './dialects';
import { codeOf, failureOf, Unexpected, type Failure } from './failure';
import type { FailureAnswer } from './failure-renderer';
import { Refusal } from './refusal';
import { RouteTable } from './route-table';

/** Answers failures, and logs the ones that nobody foresaw, once each. */
@Injectable()
export class FailureWriter {
  private readonly logger = new Logger('http');

  constructor(
    private readonly renderers: FailureRenderers,
    private readonly routes: RouteTable,
    private readonly refusals: AccessRefusals,
  ) {}

  write(request: Request, response: Response, error: unknown): void {
    const failure = this.sorted(request, error);
    const { status, headers, body } = this.worded(request, failure);
    exchangeOf(request).failureCode = codeOf(failure);
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
    return this.worded(request, this.sorted(request, error));
  }

  /** What kind of failure it is, for whoever words it by itself; logs it when nobody foresaw it. */
  sorted(request: Request, error: unknown): Failure {
    const failure = failureOf(error, request.method, this.routes.methodsOf(request.path));
    this.log(request, failure);
    if (failure instanceof Refusal) this.refusals.note(request, failure);
    return failure;
  }

  private worded(request: Request, failure: Failure): FailureAnswer {
    return this.renderers.of(request.path).render(failure, languageOf(request));
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
