import { uuid } from '../../../test/support/counted-ids';
import { workTask } from '../../../test/support/scripted-source';
import { columnsOf } from '../terminal-text';
import { TerminalDisplay } from './terminal-display';

const ESCAPE = String.fromCharCode(27);
const UP_AND_AWAY = new RegExp(`^(?:${ESCAPE}\\[(\\d+)A${ESCAPE}\\[0J)?([^]*)$`);

/** As much of a terminal as is used: lines, the cursor up, and everything below it away. */
class Screen {
  readonly columns = 60;
  private lines: string[] = [];

  write(text: string): void {
    const [, up = '0', rest = ''] = UP_AND_AWAY.exec(text) ?? [];
    this.lines.splice(this.lines.length - Number(up));
    this.lines.push(...rest.split('\n').slice(0, -1));
  }

  get shown(): readonly string[] {
    return this.lines;
  }
}

describe('what a terminal shows of a worker', () => {
  const first = workTask({ id: uuid(1), prompt: 'tidy up' });
  const second = workTask({ id: uuid(2), prompt: 'write\n\x1b[31mthe \x07notes' });
  let screen: Screen;
  let display: TerminalDisplay;

  beforeEach(() => {
    screen = new Screen();
    display = new TerminalDisplay(screen);
  });
  afterEach(() => display.close());

  it('is a line for each running task, which changes', () => {
    display.show({ kind: 'started', task: first });
    display.show({ kind: 'started', task: second });
    display.show({ kind: 'progress', task: first, progress: 40, message: 'half of it' });

    expect(screen.shown).toEqual([
      expect.stringMatching(/^ 40% +0 s .* tidy up – half of it$/),
      expect.stringMatching(/^ +0 s .* write the \uFFFDnotes$/),
    ]);
  });

  it('is what has happened above them', () => {
    display.show({ kind: 'started', task: first });
    display.show({ kind: 'started', task: second });
    display.show({
      kind: 'ended',
      task: first,
      outcome: 'failed',
      reason: 'no paper',
      summary: 'no paper',
      result: undefined,
      durationMs: 61_000,
    });
    display.show({ kind: 'away', reason: 'connection refused' });

    expect(screen.shown).toEqual([
      expect.stringMatching(/^failed .* tidy up after 1 min 1 s: no paper$/),
      'waiting    for the service: connection refused',
      expect.stringContaining('notes'),
    ]);
  });

  it.each(['x'.repeat(300), '字'.repeat(300)])('is never a line that wraps', (message) => {
    display.show({ kind: 'started', task: first });
    display.show({ kind: 'progress', task: first, progress: 1, message });

    expect(columnsOf(screen.shown[0] ?? '')).toBeLessThan(screen.columns);
  });

  it('says how far a task is, however much there is to say about what it is', () => {
    const wordy = workTask({ id: uuid(1), prompt: '整理说明 '.repeat(100) });
    display.show({ kind: 'started', task: wordy });
    display.show({ kind: 'progress', task: wordy, progress: 40, message: 'half of it' });

    expect(screen.shown).toEqual([expect.stringMatching(/^ 40% +0 s {2}00000000 整理说明.*… – half of it$/)]);
  });

  it('is nothing but what has happened in the end', () => {
    display.show({ kind: 'started', task: first });
    display.close();

    expect(screen.shown).toEqual([]);
  });
});
