/**
 * How alike two prompts are, from 0 (nothing shared) to 1 (the same): the Sørensen–Dice coefficient over pairs of
 * neighbouring characters, counted as often as they occur, after both were brought to Unicode NFKC, lower case and
 * single blanks. Linear in the length of both. Source: behaviour.md 4.
 */
export function promptSimilarity(left: string, right: string): number {
  const a = [...folded(left)];
  const b = [...folded(right)];
  if (a.length < 2 || b.length < 2) return a.join('') === b.join('') ? 1 : 0;
  const seen = new Map<string, number>();
  for (const pair of pairs(a)) seen.set(pair, (seen.get(pair) ?? 0) + 1);
  let shared = 0;
  for (const pair of pairs(b)) {
    const left = seen.get(pair) ?? 0;
    if (left > 0) {
      seen.set(pair, left - 1);
      shared += 1;
    }
  }
  return (2 * shared) / (a.length - 1 + (b.length - 1));
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
}

function* pairs(characters: readonly string[]): Generator<string> {
  let previous: string | undefined;
  for (const character of characters) {
    if (previous !== undefined) yield previous + character;
    previous = character;
  }
}
