/** Bytes of a whole result: what is longer fills a model's context, or is cut off by its client. */
export const MOST_BYTES = 20_000;

/** What of a field was left out, and how to get it. */
export interface Cut {
  readonly field: string;
  readonly characters: number;
  /** `cursor` of task_get. */
  readonly next_cursor: string;
}

type Fields = Partial<Record<string, unknown>>;

/** Fields that can be long, each to be cut before the next. */
const LONG = [
  'result',
  'dependencies',
  'depends_on',
  'payload',
  'metadata',
  'prompt',
  'error_message',
] as const;
/** Characters of a text that are always left. */
const FEWEST_CHARACTERS = 200;

/** Bytes that a value takes in a result, where it stands twice: as it is, and as text. */
export function bytesOf(value: object): number {
  const json = JSON.stringify(value);
  return Buffer.byteLength(json) + Buffer.byteLength(JSON.stringify(json));
}

/** The same value, cut to fit beside so many other bytes; `cut` says what of it was left out. */
export function fitted(value: object, besideBytes: number): object {
  const most = MOST_BYTES - besideBytes;
  if (bytesOf(value) <= most) return value;
  const fields: Fields = { ...value };
  const cuts = new Map<string, Cut>();
  for (const name of LONG) {
    if (typeof fields[name] !== 'string' && fields[name] !== undefined) omit(fields, name, cuts);
    if (fits(fields, cuts, most)) break;
  }
  while (!fits(fields, cuts, most) && shortenLongest(fields, cuts));
  return { ...fields, cut: [...cuts.values()] };
}

function fits(fields: Fields, cuts: ReadonlyMap<string, Cut>, most: number): boolean {
  return bytesOf({ ...fields, cut: [...cuts.values()] }) <= most;
}

/** Free JSON cannot be shortened and stay JSON. */
function omit(fields: Fields, field: string, cuts: Map<string, Cut>): void {
  const characters = [...JSON.stringify(fields[field])].length;
  fields[field] = undefined;
  cuts.set(field, { field, characters, next_cursor: `${field}:0` });
}

function shortenLongest(fields: Fields, cuts: Map<string, Cut>): boolean {
  const texts = LONG.map((name): [string, unknown] => [name, fields[name]]).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const [longest] = texts.sort((left, right) => right[1].length - left[1].length);
  if (longest === undefined) return false;
  const [field, text] = longest;
  const characters = [...text];
  if (characters.length <= FEWEST_CHARACTERS) return false;
  const kept = Math.max(FEWEST_CHARACTERS, Math.floor(characters.length * 0.85));
  fields[field] = characters.slice(0, kept).join('');
  const whole = cuts.get(field)?.characters ?? characters.length;
  cuts.set(field, { field, characters: whole, next_cursor: `${field}:${kept}` });
  return true;
}
