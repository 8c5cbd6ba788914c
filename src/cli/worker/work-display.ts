import type { WorkEvent } from '../../worker/runtime/work-event';
import type { WorkTask } from '../../worker/runtime/work-task';
import { duration, json, shown } from '../terminal-text';

/** Shows what happens in a worker. */
export interface WorkDisplay {
  show(event: WorkEvent): void;
  /** Takes away what is only for the moment. */
  close(): void;
}

/** For programs: a line of JSON for each event. */
export class JsonDisplay implements WorkDisplay {
  constructor(private readonly out: NodeJS.WritableStream) {}

  show(event: WorkEvent): void {
    this.out.write(`${json({ time: new Date().toISOString(), ...fieldsOf(event) }, null)}\n`);
  }

  close(): void {
    // Every line is there to stay.
  }
}

/** For logs and pipes: a line of text for each event, but for progress. */
export class PlainDisplay implements WorkDisplay {
  constructor(private readonly out: NodeJS.WritableStream) {}

  show(event: WorkEvent): void {
    const line = sentenceOf(event);
    if (line !== null) this.out.write(`${timeOfDay()} ${line}\n`);
  }

  close(): void {
    // Every line is there to stay.
  }
}

/** What an event comes to in a line, or null for what is of no interest later. */
export function sentenceOf(event: WorkEvent): string | null {
  switch (event.kind) {
    case 'started':
      return `started    ${nameOf(event.task)}`;
    case 'ended': {
      const { task, outcome, reason, durationMs } = event;
      const why = reason === null ? '' : `: ${shown(reason, 200)}`;
      return `${outcome.padEnd(10)} ${nameOf(task)} after ${duration(durationMs)}${why}`;
    }
    case 'abandoned':
      return `stuck      ${nameOf(event.task)}: its command does not end`;
    case 'away':
      return `waiting    for the service: ${shown(event.reason, 200)}`;
    case 'back':
      return 'back       the service answers again';
    case 'stopping':
      return event.running === 0
        ? 'stopping'
        : `stopping   ${event.running} running; once more ends them now`;
    case 'progress':
      return null;
  }
}

/** A task in few words. */
export function nameOf({ id, prompt, taskType }: WorkTask): string {
  return `${id.slice(0, 8)} ${shown(prompt ?? taskType, 60)}`;
}

function timeOfDay(): string {
  return new Date().toTimeString().slice(0, 8);
}

function fieldsOf(event: WorkEvent): object {
  switch (event.kind) {
    case 'started':
    case 'abandoned':
      return { event: event.kind, ...taskFields(event.task) };
    case 'progress':
      return {
        event: event.kind,
        ...taskFields(event.task),
        progress: event.progress,
        message: event.message ?? null,
      };
    case 'ended': {
      const { task, outcome, reason, durationMs: duration_ms, result = null } = event;
      return { event: event.kind, ...taskFields(task), outcome, reason, duration_ms, result };
    }
    case 'away':
      return { event: event.kind, reason: event.reason };
    case 'back':
      return { event: event.kind };
    case 'stopping':
      return { event: event.kind, running: event.running };
  }
}

function taskFields({ id, taskType, workDirectory, attempt }: WorkTask): object {
  return { task_id: id, task_type: taskType, work_directory: workDirectory, attempt };
}
