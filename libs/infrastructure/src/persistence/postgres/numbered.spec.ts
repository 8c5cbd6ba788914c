import { numbered } from './numbered';

describe('numbered', () => {
  it('numbers the places of values from the first on', () => {
    expect(numbered('a = ? AND b IN (?, ?)')).toBe('a = $1 AND b IN ($2, $3)');
  });

  it('goes on behind values that are bound already', () => {
    expect(numbered('a = ? AND b = ?', 3)).toBe('a = $3 AND b = $4');
  });

  it('counts on beyond nine', () => {
    expect(numbered('?'.repeat(11))).toBe('$1$2$3$4$5$6$7$8$9$10$11');
  });

  it('leaves a statement without values alone', () => {
    expect(numbered('SELECT 1')).toBe('SELECT 1');
  });
});
