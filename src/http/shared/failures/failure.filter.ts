import { Catch, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { FailureWriter } from './failure-writer';

/** The one way out for everything that is thrown, in handlers and in middleware. */
@Catch()
@Injectable()
export class FailureFilter implements ExceptionFilter {
  constructor(private readonly failures: FailureWriter) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.failures.write(http.getRequest<Request>(), http.getResponse<Response>(), error);
  }
}
