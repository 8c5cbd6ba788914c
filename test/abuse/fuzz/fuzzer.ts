import type { OpenAPIObject } from '@nestjs/swagger';
import fc from 'fast-check';
import { ApiDocumentChecks } from '../../e2e/http/api-document';
import type { AbusedService, Door } from '../abused-service';
import { INSIDES, type Answered, type Sent } from '../exchange';
import { KnownThings } from './known-things';
import { operationsOf, type Operation } from './operations';
import { Plans, type Plan } from './plans';
import { SchemaValues } from './values';

/** After so many requests the tasks that were made for them are used up. */
const RUNS_OF_A_PREPARATION = 8;

/** Sends everything that a document offers, right and wrong, and judges the answers by the same document. */
export class Fuzzer {
  /** How often each operation was answered with which status. */
  readonly met = new Map<string, Map<number, number>>();
  private sent = 0;
  /** Tasks that the answers say were filed. */
  filed = 0;
  readonly operations: readonly Operation[];
  private readonly checks: ApiDocumentChecks;
  private readonly plans: Plans;

  constructor(
    private readonly service: AbusedService,
    private readonly doors: readonly [Door, ...Door[]],
    document: OpenAPIObject,
    private readonly known: KnownThings,
    /** Makes tasks to be worked with; called before each operation, and now and then meanwhile. */
    private readonly prepare: () => Promise<void>,
  ) {
    this.operations = operationsOf(document);
    this.checks = new ApiDocumentChecks(document);
    this.plans = new Plans(new SchemaValues(document));
  }

  /** What goes wrong with one operation, made as small as it gets; null when nothing does. */
  async wrongWith(operation: Operation, seed: number, numRuns: number): Promise<string | null> {
    const property = fc.asyncProperty(this.plans.for(operation), (plan) => this.tryOut(operation, plan));
    const { failed, error, counterexample, path } = await fc
      .check(property, { seed, numRuns, interruptAfterTimeLimit: 60_000 })
      .then(({ errorInstance, counterexamplePath, ...rest }) => ({
        ...rest,
        error: errorInstance,
        path: counterexamplePath,
      }));
    if (!failed) return null;
    const sent = counterexample?.[0].request;
    return `${String(error)}\n  for ${toldOf(sent)} (seed ${seed}, path ${path ?? ''})`;
  }

  private async tryOut(operation: Operation, { request, pick }: Plan): Promise<void> {
    if (this.sent++ % RUNS_OF_A_PREPARATION === 0) await this.prepare();
    const door = this.doors[pick % this.doors.length] ?? this.doors[0];
    const sent = this.known.fill(request, pick);
    const answered = await this.service.ask(door, sent);
    this.count(operation, answered);
    const wrong = this.wrongIn(operation, answered);
    if (wrong !== null) throw new Error(`${wrong} [${door.name}]`);
    if (answered.headers['content-type']?.startsWith('application/json') === true)
      this.known.learn(operation.path, answered.text);
  }

  private wrongIn({ name }: Operation, { status, headers, text }: Answered): string | null {
    if (status >= 500) return `${name} ${status}: ${text}`;
    if (headers['x-request-id'] === undefined) return `${name} ${status} has no X-Request-ID`;
    if (INSIDES.test(text)) return `${name} ${status} tells of its insides: ${text}`;
    const expected = this.checks.mediaTypeOf(name, status);
    const type = headers['content-type']?.split(';')[0] ?? null;
    const isStream = type === 'text/event-stream' && status === 200;
    if (type !== expected)
      return `${name} ${status} is ${type ?? 'nothing'}, not ${expected ?? 'nothing'}: ${text}`;
    return isStream ? null : this.checks.wrongAnswer(name, status, text);
  }

  private count({ name }: Operation, { status, headers, text }: Answered): void {
    const counts = this.met.get(name) ?? new Map<number, number>();
    counts.set(status, (counts.get(status) ?? 0) + 1);
    this.met.set(name, counts);
    const isFiling = /^post (?:\/api\/v1)?\/tasks/.test(name);
    const isNew = status === 201 && isFiling && headers['idempotency-replayed'] === undefined;
    if (isNew) this.filed += filedIn(JSON.parse(text));
  }
}

/** How many tasks an answer to a creation is about. */
function filedIn(answer: unknown): number {
  const { data = answer } = answer as { data?: unknown };
  return (data as { count?: number }).count ?? 1;
}

function toldOf(sent: Sent | undefined): string {
  if (sent === undefined) return 'nothing';
  const { method, path, headers, body } = sent;
  return `${method} ${path.slice(0, 500)} ${JSON.stringify(headers)} ${body?.toString().slice(0, 1_000) ?? ''}`;
}
