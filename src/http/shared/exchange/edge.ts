import { Inject, Injectable } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { HTTP_SETTINGS, type HttpSettings } from '../../service-core';
import { FailureWriter } from '../failures/failure-writer';
import { Refusal } from '../failures/refusal';
import { Admission } from '../limits/admission';
import { ClientAddresses } from '../network/client-addresses';
import { CrossOrigin } from '../network/cross-origin';
import { Gates } from '../network/gates';
import { protect } from '../network/security-headers';
import { bodyLimitOf } from './body-limit';
import { Exchange, openExchange } from './exchange';
import { KeysInFlight } from './idempotency';
import { hangUpWhenStalled } from './stalled-reader';
import { readJsonBody } from './json-body';
import { HttpMeter } from '../metrics/http-meter';
import { OpenConnections } from './open-connections';
import { RequestLog } from './request-log';
import { requestIdOf } from './request-id';

/** What every request passes before it is read: it gets an id, a deadline, and its caller. */
@Injectable()
export class Edge {
  constructor(
    private readonly addresses: ClientAddresses,
    private readonly gates: Gates,
    private readonly pages: CrossOrigin,
    private readonly admission: Admission,
    private readonly failures: FailureWriter,
    private readonly connections: OpenConnections,
    private readonly keys: KeysInFlight,
    private readonly log: RequestLog,
    private readonly meter: HttpMeter,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
  ) {}

  readonly handle = async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    const address = this.addresses.of(request);
    const exchange = new Exchange(requestIdOf(request), response, this.keys, address);
    openExchange(request, exchange);
    response.setHeader('X-Request-ID', exchange.id);
    protect(response, this.settings.network.requireHttps);
    this.connections.note(request.socket);
    this.watch(request, response, exchange);
    this.passGates(request, response, exchange);
    this.pages.open(request, response);
    await this.admission.enter(request, response, exchange);
    if (exchange.aborted) return;
    if (this.pages.isPreflight(request)) this.pages.answerPreflight(request, request.path, response);
    else readJsonBody(request, bodyLimitOf(request.url, this.settings), next);
  };

  private passGates(request: Request, response: Response, exchange: Exchange): void {
    try {
      this.gates.pass(request, exchange.address);
    } catch (error) {
      this.admission.show(request, response, exchange);
      throw error;
    }
  }

  /** Ends the wait for an answer at its deadline, and notices when nobody waits any more. */
  private watch(request: Request, response: Response, exchange: Exchange): void {
    exchange.expireAfter(this.settings.requestTimeoutMs, () => this.expire(request, response, exchange));
    const begun = performance.now();
    response.once('close', () => {
      exchange.liftDeadline();
      this.meter.answered(request, response, performance.now() - begun);
      if (!response.writableFinished) exchange.abort();
      this.log.note(request, response, exchange);
    });
  }

  private expire(request: Request, response: Response, exchange: Exchange): void {
    exchange.abort();
    if (response.headersSent) {
      hangUpWhenStalled(response, this.settings.requestTimeoutMs);
      return;
    }
    this.admission.show(request, response, exchange);
    if (!request.complete) response.setHeader('Connection', 'close');
    const seconds = Math.ceil(this.settings.requestTimeoutMs / 1000);
    this.failures.write(
      request,
      response,
      new Refusal('request_timed_out', { timeout_seconds: seconds }, { 'Retry-After': '1' }),
    );
  }
}
