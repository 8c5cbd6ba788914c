import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chunkCount, splitText } from '../src/split-text.ts';

const split = (text: string, size: number, overlap: number): string[] =>
  [...splitText(text, size, overlap)].map((chunk) => chunk.text);

describe('splitting a text', () => {
  it('makes chunks of one size, each beginning with the end of the one before', () => {
    assert.deepEqual(split('abcdefghij', 4, 1), ['abcd', 'defg', 'ghij']);
    assert.deepEqual(split('abcdefghijk', 4, 1), ['abcd', 'defg', 'ghij', 'jk']);
  });

  it('makes one chunk of a short text, and none of no text', () => {
    assert.deepEqual(split('abc', 4, 3), ['abc']);
    assert.deepEqual(split('', 4, 1), []);
  });

  it('counts characters, and tears none apart', () => {
    assert.deepEqual(split('a😀b😀c', 2, 0), ['a😀', 'b😀', 'c']);
  });

  it('tells where each chunk is', () => {
    assert.deepEqual(
      [...splitText('abcdef', 4, 2)].map(({ index, start, end }) => [index, start, end]),
      [
        [0, 0, 4],
        [1, 2, 6],
      ],
    );
  });

  it('loses nothing, and knows beforehand how many chunks there will be', () => {
    const text = Array.from({ length: 257 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join('');
    for (const size of [1, 2, 7, 100, 256, 257, 1000]) {
      for (const overlap of [0, 1, size - 1].filter((candidate) => candidate < size)) {
        const chunks = [...splitText(text, size, overlap)];
        assert.equal(chunks.length, chunkCount(257, size, overlap));
        assert.equal(chunks.map((chunk) => chunk.text.slice(chunk.index === 0 ? 0 : overlap)).join(''), text);
      }
    }
  });
});
