import { Inject, Injectable } from '@nestjs/common';
import { TASK_RULES } from '@task/domain';
import type { Request, Response } from 'express';
import { HTTP_SETTINGS, type HttpSettings, type RequestLevel, type RequestLine } from '../../service-core';
import { isHealthProbe } from '../dialect-paths';
import type { Exchange } from './exchange';
import { routeOf } from './route-of';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Logs each request in one line when it is over: who asked, for what, and how it ended. Nothing that was sent. */
@Injectable()
export class RequestLog {
  constructor(@Inject(HTTP_SETTINGS) private readonly settings: HttpSettings) {}

  /** To be called once, when the answer has left or nobody waits for it any more. */
  note(request: Request, response: Response, exchange: Exchange): void {
    const { requestLines } = this.settings;
    if (requestLines === undefined) return;
    const route = routeOf(request);
    const level = levelOf(route, response);
    if (requestLines.isWanted(level)) requestLines.write(level, lineOf(request, response, exchange, route));
  }
}

function levelOf(route: string | undefined, { statusCode, writableFinished }: Response): RequestLevel {
  if (statusCode >= 500 && writableFinished) return 'warn';
  return route !== undefined && isHealthProbe(route) ? 'debug' : 'info';
}

function lineOf(
  request: Request,
  response: Response,
  exchange: Exchange,
  route: string | undefined,
): RequestLine {
  const { caller, failureCode, task } = exchange;
  const taskId = task?.id ?? taskIn(request);
  const workerId = task?.workerId ?? workerIn(request);
  return {
    request_id: exchange.id,
    method: request.method,
    route,
    // Whoever has hung up has got no status, whatever stood there.
    ...(response.writableFinished ? { status: response.statusCode } : { aborted: true }),
    duration_ms: Math.round((performance.now() - exchange.startedAt) * 10) / 10,
    ...(exchange.address !== null && { address: exchange.address }),
    ...(caller !== null && { key: caller.name }),
    ...(failureCode !== null && { code: failureCode }),
    ...(taskId !== undefined && { task_id: taskId }),
    ...(workerId !== undefined && { worker_id: workerId }),
  };
}

/** The task that the path names, as each dialect calls it there. */
function taskIn({ params }: Request): string | undefined {
  const id = params.task_id ?? params.id;
  return typeof id === 'string' && UUID.test(id) ? id : undefined;
}

/** The worker that the body or the path names. A body that was refused may hold anything under that name. */
function workerIn({ body, params }: Request): string | undefined {
  const named: unknown =
    (body as { readonly worker_id?: unknown } | undefined)?.worker_id ?? params.worker_id;
  return typeof named === 'string' && TASK_RULES.workerId.check(named).length === 0 ? named : undefined;
}
