import { Progress } from './progress';

class Written {
  text = '';

  constructor(readonly isTTY: boolean) {}

  write(text: string): void {
    this.text += text;
  }
}

describe('Progress', () => {
  it('is a line now and then where lines are kept', () => {
    const output = new Written(false);
    const progress = new Progress(output);
    for (let done = 0; done <= 1000; done += 1) progress.show('tasks', done, 1000);
    progress.show('history', 25, 100);
    progress.end();
    const tens = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((percent) => `tasks: ${percent} %\n`);
    expect(output.text).toBe(`${tens.join('')}history: 20 %\n`);
  });

  it('is a bar in one line of a terminal', () => {
    const output = new Written(true);
    const progress = new Progress(output);
    progress.show('tasks', 1, 2);
    progress.show('tasks', 1, 2);
    progress.show('tasks', 3, 2);
    progress.show('keys', 0, 0);
    progress.end();
    progress.end();
    expect(output.text).toBe(
      `\rtasks [${'#'.repeat(12)}${'.'.repeat(12)}]  50 %\rtasks [${'#'.repeat(24)}] 100 %\n` +
        `\rkeys [${'#'.repeat(24)}] 100 %\n`,
    );
  });
});
