import type { ServerResponse } from 'node:http';

const NO_CONTENT = 204;

/**
 * Answers with JSON, unless an answer has left already (the request timed out, or its caller hung up). Leaves out what
 * `res.json()` spends on every answer: settings, content negotiation and a digest for an ETag that nobody asked for.
 */
export function sendJson(response: ServerResponse, status: number, body: unknown = null): void {
  if (response.headersSent || response.destroyed) return;
  response.statusCode = status;
  if (status === NO_CONTENT) {
    response.end();
    return;
  }
  const json = JSON.stringify(body);
  response.setHeader('Content-Type', 'application/json; charset=utf-8');
  response.setHeader('Content-Length', Buffer.byteLength(json));
  response.end(json);
}
