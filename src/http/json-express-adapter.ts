import { ExpressAdapter } from '@nestjs/platform-express';
import type { Response } from 'express';
import { createServer } from 'node:http';
import { messageClassesOf, type MessageClasses } from './message-classes';
import { changesState, needOf } from './shared/access/needs';
import { sendJson } from './shared/exchange/send-json';
import { RouteTable } from './shared/failures/route-table';

type Handler = Parameters<ExpressAdapter['get']>[1];

/** Express under Nest, answering with JSON only, and remembering which routes were registered. */
export class JsonExpressAdapter extends ExpressAdapter {
  readonly routes = new RouteTable();
  /** To be given to every server that serves this application. */
  readonly messageClasses: MessageClasses = messageClassesOf(this.getInstance());

  override initHttpServer(): void {
    this.httpServer = createServer(this.messageClasses, this.getInstance());
  }

  override reply(response: Response, body: unknown, statusCode?: number): void {
    sendJson(response, statusCode ?? response.statusCode, body);
  }

  override get(path: unknown, handler?: unknown): unknown {
    this.note('GET', path);
    // A HEAD is answered like a GET, except where a GET changes something.
    if (typeof handler === 'function' && !changesState(needOf(handler))) this.note('HEAD', path);
    return super.get(path, handler as Handler);
  }

  override post(path: unknown, handler?: unknown): unknown {
    this.note('POST', path);
    return super.post(path, handler as Handler);
  }

  override put(path: unknown, handler?: unknown): unknown {
    this.note('PUT', path);
    return super.put(path, handler as Handler);
  }

  override patch(path: unknown, handler?: unknown): unknown {
    this.note('PATCH', path);
    return super.patch(path, handler as Handler);
  }

  override delete(path: unknown, handler?: unknown): unknown {
    this.note('DELETE', path);
    return super.delete(path, handler as Handler);
  }

  private note(method: string, path: unknown): void {
    if (typeof path === 'string') this.routes.add(method, path);
  }
}
