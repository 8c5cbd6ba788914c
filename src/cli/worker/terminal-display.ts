import type { WorkEvent } from '../../worker/runtime/work-event';
import type { WorkTask } from '../../worker/runtime/work-task';
import { duration, fitted, shown } from '../terminal-text';
import { nameOf, sentenceOf, type WorkDisplay } from './work-display';

/** A terminal, as far as it is needed. */
export interface Terminal {
  write(text: string): unknown;
  readonly columns: number;
}

interface Running {
  readonly task: WorkTask;
  readonly since: number;
  progress: number | null;
  message: string;
}

const REFRESH_MS = 1_000;
/** Also where a terminal says that it has none. */
const DEFAULT_COLUMNS = 80;
const MOST_MESSAGE = 200;
const LEAST_NAME = 20;

/** For people: what has happened scrolls by, and below it each running task has a line that changes. */
export class TerminalDisplay implements WorkDisplay {
  private readonly running = new Map<string, Running>();
  private readonly refresh: NodeJS.Timeout;
  private drawnLines = 0;

  constructor(private readonly terminal: Terminal) {
    this.refresh = setInterval(() => this.draw(), REFRESH_MS).unref();
  }

  show(event: WorkEvent): void {
    if (event.kind === 'started') {
      const { task } = event;
      this.running.set(task.id, { task, since: performance.now(), progress: null, message: '' });
      this.draw();
      return;
    }
    if (event.kind === 'progress') {
      this.note(event.task.id, event.progress, event.message);
      this.draw();
      return;
    }
    if (event.kind === 'ended') this.running.delete(event.task.id);
    this.draw(sentenceOf(event));
  }

  close(): void {
    clearInterval(this.refresh);
    this.running.clear();
    this.draw();
  }

  private note(id: string, progress: number, message: string | undefined): void {
    const running = this.running.get(id);
    if (running === undefined) return;
    running.progress = progress;
    running.message = message ?? running.message;
  }

  /** @param line to stay, above those that change */
  private draw(line: string | null = null): void {
    // Back to the first line that was drawn, and everything below it away.
    const back = this.drawnLines === 0 ? '' : `\x1b[${this.drawnLines}A\x1b[0J`;
    const lines = [...this.running.values()].map((running) => this.lineOf(running));
    this.drawnLines = lines.length;
    const text = [...(line === null ? [] : [line]), ...lines].map((each) => `${each}\n`).join('');
    if (back + text !== '') this.terminal.write(back + text);
  }

  private lineOf({ task, since, progress, message }: Running): string {
    const done = progress === null ? '    ' : `${progress}%`.padStart(4);
    const head = `${done} ${duration(performance.now() - since).padStart(9)}  `;
    const columns = (this.terminal.columns || DEFAULT_COLUMNS) - 1;
    const name = nameOf(task);
    if (message === '') return fitted(head + name, columns);
    // Which task it is can be told by a few words; how far it is has to be seen.
    const short = fitted(name, Math.max(LEAST_NAME, Math.floor((columns - head.length) / 2)));
    const line = `${head}${short} – ${shown(message, MOST_MESSAGE)}`;
    // A line that wraps would be two when it is taken away.
    return fitted(line, columns);
  }
}
