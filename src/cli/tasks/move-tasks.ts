import { randomUUID } from 'node:crypto';
import type { AskedService, ServiceOptions } from '../at-service';
import type { CommandContext } from '../context';
import { eachForItself } from '../each-for-itself';
import { outputOfChanges, type Output } from '../output';
import { json } from '../terminal-text';
import { pathOf } from './api-task';

/** What `tasks cancel` takes. */
export interface CancelOptions extends ServiceOptions {
  readonly reason?: string;
  readonly force?: true;
}

/** What is done to each of some tasks. */
interface Move {
  readonly path: string;
  readonly body: object;
  /** What it is then. */
  readonly done: string;
}

/** Gives tasks up. */
export function cancelTasks(
  context: CommandContext,
  ids: readonly string[],
  options: CancelOptions,
): Promise<number> {
  const { reason, force } = options;
  const body = { ...(reason !== undefined && { reason }), ...(force !== undefined && { force }) };
  return moveAll(context, ids, options, { path: '/cancel', body, done: 'is cancelled' });
}

/** Puts failed tasks back into the queue. */
export function retryTasks(
  context: CommandContext,
  ids: readonly string[],
  options: ServiceOptions,
): Promise<number> {
  return moveAll(context, ids, options, { path: '/retry', body: {}, done: 'waits again' });
}

function moveAll(
  context: CommandContext,
  ids: readonly string[],
  options: ServiceOptions,
  move: Move,
): Promise<number> {
  const out = outputOfChanges();
  return eachForItself(context, ids, options, (service, id) => moveOne(service, id, { move, options, out }));
}

interface Moving {
  readonly move: Move;
  readonly options: ServiceOptions;
  readonly out: Output;
}

async function moveOne(service: AskedService, id: string, { move, options, out }: Moving): Promise<void> {
  const answer = await service.ask<object>('POST', pathOf(id, move.path), {
    body: move.body,
    headers: { 'Idempotency-Key': randomUUID() },
  });
  out.line(options.json === true ? json(answer, null) : `${id} ${move.done}`);
}
