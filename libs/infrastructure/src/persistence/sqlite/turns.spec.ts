import { Turns } from './turns';

const ROWS = 1_000;

describe('Turns', () => {
  it('end after a few milliseconds, however many rows there were', () => {
    let now = 0;
    const turns = new Turns(() => now);
    const rows = Array.from({ length: ROWS }, () => turns.isOver);
    expect(rows).not.toContain(true);
    now = 4;
    expect(Array.from({ length: ROWS }, () => turns.isOver)).toContain(true);
  });

  it('let everybody else go on, and begin anew', async () => {
    let now = 0;
    const turns = new Turns(() => now);
    now = 10;
    const order: string[] = [];
    setImmediate(() => order.push('somebody else'));
    await turns.pass();
    order.push('the long one');
    expect(order).toEqual(['somebody else', 'the long one']);
    expect(Array.from({ length: ROWS }, () => turns.isOver)).not.toContain(true);
  });
});
