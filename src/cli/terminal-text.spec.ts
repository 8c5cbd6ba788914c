import { age, columnsOf, duration, fitted, json, lines, oneLine, shown } from './terminal-text';

const ESCAPE = '\u001b';
const CSI = '\u009b';

describe('text on a terminal', () => {
  it.each([
    ['what colours it', `${ESCAPE}[31mred${ESCAPE}[0m`, 'red'],
    ['what sets its title', `${ESCAPE}]0;mine\u0007done`, 'done'],
    ['what moves the cursor in one character', `a${CSI}2Jb`, 'ab'],
    ['what rings and deletes', 'a\u0007b\u007fc', 'a\uFFFDb\uFFFDc'],
    ['what turns it around', 'exe\u202Etxt', 'exe\uFFFDtxt'],
    ['lines and tabs', ' one\r\n\ttwo ', 'one two'],
  ])('is one line without %s', (_, text, expected) => {
    expect(oneLine(text)).toBe(expected);
  });

  it('keeps its lines where it may have several', () => {
    expect(lines(`one\r\ntwo\tx\rthree${ESCAPE}[2J\u0000\n`)).toBe('one\ntwo\tx\nthree\uFFFD');
  });

  it.each([
    ['plain', 10, 'plain'],
    ['a bit longer', 6, 'a bit…'],
    ['任务编排服务', 7, '任务编…'],
    ['任务编排服务', 12, '任务编排服务'],
    ['ab😀cd', 4, 'ab…'],
    ['👩‍👩‍👧 family', 6, '👩‍👩‍👧 fa…'],
    ['e\u0301te\u0301', 3, 'e\u0301te\u0301'],
  ])('%j in %d columns is %j', (text, most, expected) => {
    expect(fitted(text, most)).toBe(expected);
    expect(columnsOf(fitted(text, most))).toBeLessThanOrEqual(most);
  });

  it('is made harmless before it is cut', () => {
    expect(shown(`${ESCAPE}[31m任务${ESCAPE}[0m and more`, 8)).toBe('任务 an…');
  });
});

describe('JSON on a terminal', () => {
  it('says the same without a character that could steer it', () => {
    const value = { text: `${ESCAPE}[2J ${CSI}2J \u007f \u202E 😀 任务\nnext` };
    const written = json(value);

    expect(JSON.parse(written)).toEqual(value);
    expect(written).toMatch(/^[^\p{Cc}\p{Cf}]*$/mu);
    expect(written).toContain('😀 任务\\nnext');
  });

  it('is one line for whoever reads it line by line', () => {
    const value = { text: 'a\u2028b\u2029c\u0085\nd' };

    expect(json(value, null)).toBe('{"text":"a\\u2028b\\u2029c\\u0085\\nd"}');
  });
});

describe('times for people', () => {
  it.each([
    [59_400, '59 s'],
    [61_000, '1 min 1 s'],
    [7_260_000, '2 h 1 min'],
  ])('%d ms take %s', (ms, expected) => expect(duration(ms)).toBe(expected));

  it.each([
    [-5, 'now'],
    [119_000, '1 min'],
    [3_600_000 * 47, '47 h'],
    [3_600_000 * 49, '2 d'],
  ])('%d ms ago is %s', (ms, expected) => expect(age(ms)).toBe(expected));
});
