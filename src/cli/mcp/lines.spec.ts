import { Lines } from './lines';

describe('Lines', () => {
  let lines: Lines;
  let taken: string[];

  beforeEach(() => {
    taken = [];
    lines = new Lines((line) => taken.push(line));
  });
  const write = (...pieces: readonly string[]): void =>
    pieces.forEach((piece) => lines.write(Buffer.from(piece)));

  it('end at a line feed, however they come', () => {
    write('one', ' and\ntwo\n\nthr', '', 'ee\n');

    expect(taken).toEqual(['one and', 'two', '', 'three']);
  });

  it.each(['\u2028', '\u2029', '\u0085', '\v', '\f', '\r'])(
    'do not end at %j, which JSON may have',
    (sign) => {
      write(`{"a":1,${sign}"b":"${sign}"}\n`);

      expect(taken).toEqual([`{"a":1,${sign}"b":"${sign}"}`]);
    },
  );

  it('keep a character together that comes in two pieces', () => {
    const bytes = Buffer.from('整理 😀\n');
    for (const byte of bytes) lines.write(Buffer.of(byte));

    expect(taken).toEqual(['整理 😀']);
  });

  it('are whole when the input ends, without a line feed too, and then there are no more', () => {
    write('one\ntwo');
    lines.end();
    lines.end();

    expect(taken).toEqual(['one', 'two']);
  });
});
