import { stripVTControlCharacters } from 'node:util';

const ELLIPSIS = '…';
/** What some terminal shows over two columns; rather too many than too few. */
const WIDE = /[\u1100-\u115f\u2329\u232a\u2e80-\ud7ff\uf900-\u{10ffff}]|\ufe0f|\p{Emoji_Presentation}/u;
/** Whatever has no shape of its own could steer a terminal; but emoji are put together with a joiner. */
const SHAPELESS = /(?!\u200d)\p{C}/gu;
const SHAPELESS_BUT_BREAKS = /(?![\u200d\n\t])\p{C}/gu;
const REPLACEMENT = '\uFFFD';
const CHARACTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Text on one line that cannot steer a terminal. @param most columns that it may take */
export function shown(text: string, most: number): string {
  return fitted(oneLine(text), most);
}

/** Text on one line that cannot steer a terminal, whole. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text).replace(/\s+/g, ' ').replace(SHAPELESS, REPLACEMENT).trim();
}

/** Text on its own lines that cannot steer a terminal, whole. */
export function lines(text: string): string {
  return stripVTControlCharacters(text)
    .replace(/\r\n?/g, '\n')
    .replace(SHAPELESS_BUT_BREAKS, REPLACEMENT)
    .trimEnd();
}

/** As much of a line as a terminal shows in so many columns; no character is cut in two. */
export function fitted(line: string, most: number): string {
  if (columnsOf(line) <= most) return line;
  let kept = '';
  let left = most - 1;
  for (const { segment } of CHARACTERS.segment(line)) {
    left -= widthOf(segment);
    if (left < 0) break;
    kept += segment;
  }
  return `${kept}${ELLIPSIS}`;
}

/** How many columns a line takes at most. */
export function columnsOf(line: string): number {
  let columns = 0;
  for (const { segment } of CHARACTERS.segment(line)) columns += widthOf(segment);
  return columns;
}

/** How long something took, as people say it. */
export function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${seconds % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** How long ago something was, in its largest unit. */
export function age(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

/** A time of the API to the second, UTC. */
export function moment(time: string): string {
  return `${time.slice(0, 19).replace('T', ' ')}Z`;
}

/**
 * JSON that says the same, cannot steer a terminal, and has a line end only where every reader sees one.
 * @param indent blanks of a level; null for a single line
 */
export function json(value: unknown, indent: number | null = 2): string {
  const written = JSON.stringify(value, null, indent ?? undefined);
  return written.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escaped);
}

function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}

function widthOf(character: string): number {
  return WIDE.test(character) ? 2 : 1;
}
