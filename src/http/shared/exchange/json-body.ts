import type { NextFunction, Request } from 'express';
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { Refusal } from '../failures/refusal';
import { exchangeOf } from './exchange';
import { fingerprintOf, hasIdempotencyKey } from './idempotency';
import { isNestedDeeper } from './nesting';

/** Deeper than any field takes: a body beyond this is not even parsed. */
const MOST_DEPTH = 100;

/**
 * Reads the body of a request into `request.body`: JSON in UTF-8 and nothing else, so that no foreign page can post a
 * form here. Stricter than `express.json()`, which replaces broken UTF-8 instead of refusing it.
 */
export function readJsonBody(request: Request, maxBytes: number, next: NextFunction): void {
  // What an unknown caller sends is not read: whatever it wanted, it will be refused.
  if (!hasBody(request) || exchangeOf(request).caller === null) {
    next();
  } else if (!isJson(request.headers['content-type']) || isCompressed(request)) {
    next(new Refusal('unsupported_media_type', { supported: ['application/json; charset=utf-8'] }));
  } else {
    collect(request, maxBytes, next);
  }
}

function hasBody({ headers, method }: IncomingMessage): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

function isCompressed({ headers }: IncomingMessage): boolean {
  return (headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity';
}

function isJson(contentType = ''): boolean {
  if (contentType === 'application/json') return true;
  const [type = '', ...parameters] = contentType.toLowerCase().split(';');
  if (type.trim() !== 'application/json') return false;
  const charset = parameters
    .map((parameter) => parameter.split('='))
    .find(([name]) => name?.trim() === 'charset');
  return charset === undefined || ['utf-8', 'utf8'].includes((charset[1] ?? '').trim().replaceAll('"', ''));
}

function collect(request: Request, maxBytes: number, next: NextFunction): void {
  const refuse = (): void => next(new Refusal('payload_too_large', { max_bytes: maxBytes }));
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    refuse();
    return;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    const wasWithin = bytes <= maxBytes;
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else if (wasWithin) refuse();
  });
  request.on('end', () => {
    if (bytes > maxBytes || exchangeOf(request).aborted) return;
    // A claim that waits keeps its request: what was received is not kept with it.
    finish(request, chunks.splice(0), next);
  });
}

function finish(request: Request, chunks: Buffer[], next: NextFunction): void {
  if (hasIdempotencyKey(request)) exchangeOf(request).fingerprint = fingerprintOf(request, chunks);
  try {
    request.body = parse(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
  } catch (error) {
    next(error);
    return;
  }
  next();
}

function parse(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw Refusal.ofField('body', 'malformed_text', { encoding: 'UTF-8' });
  if (isNestedDeeper(bytes, MOST_DEPTH)) throw Refusal.ofField('body', 'too_deep', { max_depth: MOST_DEPTH });
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // The parser's own message quotes the body.
    throw Refusal.ofField('body', 'not_json');
  }
}
