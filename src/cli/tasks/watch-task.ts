import { atService, type AskedService, type ServiceOptions } from '../at-service';
import type { CommandContext } from '../context';
import { EXIT } from '../exit-codes';
import { standardOutput, type Output } from '../output';
import { json, lines, moment, oneLine } from '../terminal-text';
import { pathOf, type ApiEvent, type ApiTask, type HistoryRow } from './api-task';
import { taskEvents, taskNow } from './task-events';

/** What `tasks watch` takes. */
export interface WatchOptions extends ServiceOptions {
  /** Seconds; for ever without. */
  readonly timeout?: number;
}

/** How a task is followed. */
export interface Following {
  readonly isJson: boolean;
  /** For ever without. */
  readonly timeoutSeconds: number | null;
  readonly out: Output;
}

const HOW_IT_ENDED: Readonly<Record<string, number>> = {
  completed: EXIT.ok,
  failed: EXIT.failed,
  cancelled: EXIT.conflict,
};

/** Follows a task until it has ended. @returns an exit code that says how */
export function watchTask(context: CommandContext, id: string, options: WatchOptions): Promise<number> {
  return atService(options, context, (service) => {
    const { json: isJson = false, timeout: timeoutSeconds = null } = options;
    return followTask(service, id, { isJson, timeoutSeconds, out: standardOutput() });
  });
}

/** Follows a task until it has ended, over a restart of the service. @throws ServiceUnreachable when it stays away */
export async function followTask(
  service: AskedService,
  id: string,
  { isJson, timeoutSeconds, out }: Following,
): Promise<number> {
  const teller = new WatchTeller(isJson, out);
  const isOver =
    timeoutSeconds === null ? new AbortController().signal : AbortSignal.timeout(timeoutSeconds * 1000);
  try {
    const found = await service.ask<ApiTask>('GET', pathOf(id), { signal: isOver });
    if (found.status in HOW_IT_ENDED) return await toldInRetrospect(service, found, teller);
    for await (const event of taskEvents(service, id, isOver)) {
      teller.event(event);
      if (!(event.to in HOW_IT_ENDED)) continue;
      // What was failed then may have been retried since.
      const task = await taskNow(service, id, isOver);
      const ended = HOW_IT_ENDED[task.status];
      if (ended === undefined) continue;
      teller.end(task);
      return ended;
    }
  } catch (error) {
    if (!isOver.aborted) throw error;
  }
  teller.unfinished(timeoutSeconds ?? 0);
  return EXIT.unfinished;
}

/** Of what ended long ago the stream may have no events any more, and would be silent for ever. */
async function toldInRetrospect(service: AskedService, task: ApiTask, teller: WatchTeller): Promise<number> {
  const { history } = await service.ask<{ readonly history: readonly HistoryRow[] }>(
    'GET',
    pathOf(task.task_id, '/history'),
  );
  for (const { event_id: id, ...row } of history) teller.event({ id, ...row });
  teller.end(task);
  return HOW_IT_ENDED[task.status] ?? EXIT.failed;
}

/** Tells what happens to a task: a line for each event, then what came of it. */
class WatchTeller {
  constructor(
    private readonly isJson: boolean,
    private readonly out: Output,
  ) {}

  event(event: ApiEvent): void {
    if (this.isJson) {
      this.out.line(json(event, null));
      return;
    }
    const { at, type, to, worker_id: worker, details } = event;
    const by = worker === null ? '' : `  ${oneLine(worker)}`;
    const more = details === null ? '' : `  ${json(details, null)}`;
    this.out.line(
      `${moment(at)}  ${type.padEnd('task.cancelled'.length)}  ${to.padEnd('completed'.length)}${by}${more}`.trimEnd(),
    );
  }

  end(task: ApiTask): void {
    if (this.isJson) this.out.line(json({ type: 'watch.ended', task }, null));
    else for (const line of whatCame(task)) this.out.line(line);
  }

  unfinished(seconds: number): void {
    if (this.isJson) this.out.line(json({ type: 'watch.timed_out' }, null));
    else process.stderr.write(`task-orchestrator: not ended after ${seconds} s\n`);
  }
}

function whatCame({ error_message: error, cancel_reason: reason, result }: ApiTask): readonly string[] {
  const why = error ?? reason ?? null;
  const { output } = (result ?? {}) as { readonly output?: unknown };
  const came = typeof output === 'string' ? lines(output) : json(result ?? null);
  return [...(why === null ? [] : [lines(why)]), ...((result ?? null) === null ? [] : [came])];
}
