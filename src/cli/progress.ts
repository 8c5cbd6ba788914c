/** Where progress is shown: a terminal, or something that keeps lines. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const WIDTH = 24;
/** Of what keeps lines, one for each so many percent. */
const STEP_PERCENT = 10;

/** Shows how far something is: on a terminal as a bar that grows in its line, elsewhere as a line now and then. */
export class Progress {
  private title = '';
  private shown = -1;
  private hasOpenLine = false;

  constructor(private readonly output: ProgressOutput) {}

  /** @param title of what goes on; another one begins a line of its own */
  show(title: string, done: number, total: number): void {
    const percent = total === 0 ? 100 : Math.floor((Math.min(done, total) * 100) / total);
    if (title !== this.title) this.begin(title);
    if (this.output.isTTY === true) this.draw(percent);
    else this.note(percent);
  }

  /** Ends the line of a terminal, so that others can write. */
  end(): void {
    if (this.hasOpenLine) this.output.write('\n');
    this.hasOpenLine = false;
  }

  private begin(title: string): void {
    this.end();
    this.title = title;
    this.shown = -1;
  }

  private draw(percent: number): void {
    if (percent === this.shown) return;
    this.shown = percent;
    const filled = Math.floor((WIDTH * percent) / 100);
    const bar = '#'.repeat(filled) + '.'.repeat(WIDTH - filled);
    this.output.write(`\r${this.title} [${bar}] ${String(percent).padStart(3)} %`);
    this.hasOpenLine = true;
  }

  private note(percent: number): void {
    const step = Math.floor(percent / STEP_PERCENT) * STEP_PERCENT;
    if (step <= this.shown) return;
    this.shown = step;
    this.output.write(`${this.title}: ${step} %\n`);
  }
}
