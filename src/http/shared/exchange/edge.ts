import { Inject, Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { HTTP_SETTINGS, type HttpSettings } from '../../service-core';
import { FailureWriter } from '../failures/failure-writer';
import { Refusal } from '../failures/refusal';
import { Admission } from '../limits/admission';
import { openExchange, type Exchange } from './exchange';
import { readJsonBody } from './json-body';
import { OpenConnections } from './open-connections';
import { requestIdOf } from './request-id';

/** What every request passes before it is read: it gets an id, a deadline, and its caller. */
@Injectable()
export class Edge {
  constructor(
    private readonly admission: Admission,
    private readonly failures: FailureWriter,
    private readonly connections: OpenConnections,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
  ) {}

  readonly handle = async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const exchange = openExchange(request, requestIdOf(request));
    response.setHeader('X-Request-ID', exchange.id);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    this.connections.note(request.socket);
    this.watch(request, response, exchange);
    await this.admission.enter(request, response, exchange);
    if (!exchange.aborted) readJsonBody(request, this.settings.maxBodyBytes, next);
  };

  /** Ends the wait for an answer at its deadline, and notices when nobody waits any more. */
  private watch(request: Request, response: Response, exchange: Exchange): void {
    const deadline = setTimeout(
      () => this.expire(request, response, exchange),
      this.settings.requestTimeoutMs,
    );
    response.once('close', () => {
      clearTimeout(deadline);
      exchange.aborted ||= !response.writableFinished;
    });
  }

  private expire(request: Request, response: Response, exchange: Exchange): void {
    exchange.aborted = true;
    if (response.headersSent) return;
    this.admission.show(request, response);
    if (!request.complete) response.setHeader('Connection', 'close');
    const seconds = Math.ceil(this.settings.requestTimeoutMs / 1000);
    this.failures.write(
      request,
      response,
      new Refusal('request_timed_out', { timeout_seconds: seconds }, { 'Retry-After': '1' }),
    );
  }
}
