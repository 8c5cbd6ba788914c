/**
 * How alike two prompts are, from 0 (nothing shared) to 1 (the same): the Sørensen–Dice coefficient over pairs of
 * neighbouring characters, counted as often as they occur, after both were brought to Unicode NFKC, lower case and
 * single blanks. Linear in the length of both. Source: behaviour.md 4.
 */
export function promptSimilarity(left: string, right: string): number {
  if (left === right) return 1;
  const a = folded(left);
  const b = folded(right);
  if (a === b) return 1;
  const pairsOfA = pairs(a);
  const pairsOfB = pairs(b);
  if (pairsOfA.length === 0 || pairsOfB.length === 0) return 0;
  const unmatched = new Map<number, number>();
  for (const pair of pairsOfA) unmatched.set(pair, (unmatched.get(pair) ?? 0) + 1);
  let shared = 0;
  for (const pair of pairsOfB) {
    const count = unmatched.get(pair) ?? 0;
    if (count === 0) continue;
    unmatched.set(pair, count - 1);
    shared += 1;
  }
  return (2 * shared) / (pairsOfA.length + pairsOfB.length);
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/gu, ' ').trim();
}

const CODE_POINTS = 0x110000;

/** Neighbouring characters, each pair as one number. */
function pairs(text: string): readonly number[] {
  const found: number[] = [];
  let previous: number | undefined;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (previous !== undefined) found.push(previous * CODE_POINTS + code);
    previous = code;
  }
  return found;
}
