import { InvalidArgumentError } from 'commander';

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;
/** Each unit at most once, the largest first; a number alone is seconds. */
const INTERVAL = /^(?=\d)(?:(\d{1,9})d)?(?:(\d{1,9})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s?)?$/;

/** Seconds in an interval such as `900`, `15m` or `1h30m`. What is too long, the service says. */
export function secondsIn(text: string): number {
  const found = INTERVAL.exec(text);
  if (found === null)
    throw new InvalidArgumentError('It takes seconds, or a time such as 90s, 15m or 1h30m.');
  return UNITS.reduce((sum, [, seconds], index) => sum + seconds * Number(found[index + 1] ?? 0), 0);
}

/** The same the other way round: 900 is `15m`. */
export function intervalText(seconds: number): string {
  let left = seconds;
  let text = '';
  for (const [unit, size] of UNITS) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) text += `${count}${unit}`;
  }
  return text;
}
