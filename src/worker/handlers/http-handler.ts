import { createHmac } from 'node:crypto';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { backoffMs } from '@task/domain';
import { CapturedOutput } from '../commands/captured-output';
import { TaskFailure, type HandlerContext, type TaskHandler } from '../runtime/task-handler';
import { taskAsJson, type WorkTask } from '../runtime/work-task';
import { PrivateAddress, publicLookup, requirePublicHost } from './public-address';

/** What the operator has written down about an address that does tasks. */
export interface HttpHandlerSettings {
  readonly url: URL;
  /** Signs what is sent; null sends it without a signature. */
  readonly secret: string | null;
  /** Whether the address may be of the own network. */
  readonly allowPrivate: boolean;
  /** How often a request is repeated that got no answer, or a 5xx. */
  readonly retries: number;
  /** How long one answer may take. */
  readonly answerMs: number;
}

const BACKOFF = { baseMs: 500, capMs: 30_000, random: Math.random };
const LONGEST_RETRY_AFTER_SECONDS = 60;
const SHOWN_CHARACTERS = 500;

interface Answer {
  readonly status: number;
  readonly retryAfterSeconds: number;
  readonly result: object;
}

/** Does tasks by sending each to an address, whose answer is the result. Follows no redirect. */
export function httpHandler(settings: HttpHandlerSettings): TaskHandler {
  return async (task, context) => {
    const body = Buffer.from(JSON.stringify(taskAsJson(task)));
    for (let tries = 0; ; tries += 1) {
      const answer = await askOnce(settings, task, body, context.signal);
      if (!(answer instanceof Error) && answer.status >= 200 && answer.status < 300) return answer.result;
      const isFinal = !(answer instanceof Error) && answer.status < 500 && answer.status !== 429;
      if (isFinal || tries >= settings.retries) throw failureOf(answer, tries + 1);
      await waitBefore(tries, answer, context);
    }
  };
}

/**
 * The headers that prove who sends a body, and when: the signature is HMAC-SHA256 of `<timestamp>.<body>`, in hex.
 * @param seconds since 1970
 */
export function signatureHeaders(secret: string, seconds: number, body: Buffer): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex');
  return { 'X-Task-Timestamp': String(seconds), 'X-Task-Signature': `sha256=${signature}` };
}

async function waitBefore(tries: number, answer: Answer | Error, { signal }: HandlerContext): Promise<void> {
  const asked = answer instanceof Error ? 0 : Math.min(answer.retryAfterSeconds, LONGEST_RETRY_AFTER_SECONDS);
  const ms = asked * 1000 + backoffMs(BACKOFF, tries);
  await pause(ms, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}

function failureOf(answer: Answer | Error, tries: number): TaskFailure {
  const times = tries === 1 ? '' : ` (asked ${tries} times)`;
  if (answer instanceof Error) return new TaskFailure(`no answer: ${answer.message}${times}`);
  const { status, result } = answer;
  const isRedirect = status >= 300 && status < 400;
  const why = isRedirect ? 'redirects are not followed' : JSON.stringify(result).slice(0, SHOWN_CHARACTERS);
  return new TaskFailure(`the address answered ${status}: ${why}${times}`, {
    summary: `the address answered ${status}${times}`,
    retryable: status >= 500 || status === 429,
    result: { status, ...result },
  });
}

/** @returns what went wrong on the way, when trying again can help. @throws what it cannot help against */
async function askOnce(
  settings: HttpHandlerSettings,
  task: WorkTask,
  body: Buffer,
  signal: AbortSignal,
): Promise<Answer | Error> {
  const end = AbortSignal.any([signal, AbortSignal.timeout(settings.answerMs)]);
  try {
    return await answerOf(await send(settings, task, body, end));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof PrivateAddress) throw new TaskFailure(error.message, { retryable: false });
    if (end.aborted) return new Error(`nothing came within ${settings.answerMs / 1000} s`);
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function send(
  { url, secret, allowPrivate }: HttpHandlerSettings,
  { id, attempt }: WorkTask,
  body: Buffer,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  if (!allowPrivate) requirePublicHost(url.hostname);
  const seconds = Math.floor(Date.now() / 1000);
  const headers = {
    'Content-Type': 'application/json',
    'Content-Length': String(body.length),
    'X-Task-Id': id,
    'X-Task-Attempt': String(attempt),
    // The same attempt may arrive again: whoever does it can tell by this.
    'Idempotency-Key': `${id}:${attempt}`,
    ...(secret !== null && signatureHeaders(secret, seconds, body)),
  };
  const start = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    // A connection of its own each time: a kept one was checked for another request.
    const options = { method: 'POST', agent: false, headers, signal };
    start(url, allowPrivate ? options : { ...options, lookup: publicLookup() })
      .once('response', resolve)
      .once('error', reject)
      .end(body);
  });
}

/**
 * Answers are read like the output of a command, in which nothing is a report: JSON is the result, and what is too long is
 * cut and marked.
 */
async function answerOf(response: IncomingMessage): Promise<Answer> {
  const output = new CapturedOutput(null);
  for await (const chunk of response) output.write(chunk as Buffer);
  const seconds = Number(response.headers['retry-after']);
  return {
    status: response.statusCode ?? 0,
    retryAfterSeconds: Number.isFinite(seconds) && seconds > 0 ? seconds : 0,
    result: output.result(),
  };
}
