/** A figure of an exposition. */
export interface Exposed {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric of an exposition, with all of its figures. */
export interface ExposedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly samples: readonly Exposed[];
}

interface Family extends ExposedFamily {
  readonly samples: Exposed[];
}

const NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y;
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
};

/**
 * Reads Prometheus's text format 0.0.4 strictly.
 * @throws Error where a scraper would refuse it, or would take it for something else than it is
 */
export function readExposition(text: string): ReadonlyMap<string, ExposedFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const families = new Map<string, Family>();
  let latest = '';
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) ?(.*)$/.exec(line) ?? [];
    const family = families.get(keyword === undefined ? latest : name);
    if (keyword === 'HELP') {
      if (!NAME.test(name) || family !== undefined) throw new Error(`wrong or repeated: ${line}`);
      families.set(name, { name, help: rest, type: 'untyped', samples: [] });
      latest = name;
    } else if (family === undefined) throw new Error(`belongs to nothing: ${line}`);
    else if (keyword === undefined) family.samples.push(sampleIn(line, family));
    else if (name !== latest || family.samples.length > 0) throw new Error(`out of place: ${line}`);
    else families.set(name, { ...family, type: rest });
  }
  for (const family of families.values()) check(family);
  return families;
}

function sampleIn(line: string, { name, type }: ExposedFamily): Exposed {
  const [, own = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
  if (!(SUFFIXES[type] ?? ['']).some((suffix) => own === name + suffix))
    throw new Error(`belongs to no ${name}: ${line}`);
  return { name: own, labels: labelsIn(labels), value: numberIn(value) };
}

function labelsIn(text: string): Readonly<Record<string, string>> {
  const labels: Record<string, string> = {};
  LABEL.lastIndex = 0;
  while (LABEL.lastIndex < text.length) {
    const [, name = '', value = ''] = LABEL.exec(text) ?? [];
    if (name === '' || name in labels) throw new Error(`wrong labels: ${text}`);
    labels[name] = value.replaceAll(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign));
  }
  return labels;
}

function numberIn(text: string): number {
  if (text === '+Inf') return Infinity;
  if (text === '-Inf') return -Infinity;
  if (text !== 'Nan' && !/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text))
    throw new Error(`no number: ${text}`);
  return Number(text);
}

function check({ name, type, samples }: ExposedFamily): void {
  const keys = samples.map((sample) => JSON.stringify([sample.name, Object.entries(sample.labels).sort()]));
  if (new Set(keys).size < keys.length) throw new Error(`${name} says something twice`);
  if (type === 'counter' && samples.some(({ value }) => value < 0)) throw new Error(`${name} counts down`);
  if (type === 'histogram') checkHistogram(name, samples);
}

function checkHistogram(name: string, samples: readonly Exposed[]): void {
  const without = ({ labels }: Exposed): string =>
    JSON.stringify(Object.entries(labels).filter(([label]) => label !== 'le'));
  for (const [labels, own] of Map.groupBy(samples, without)) {
    const buckets = own.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map((bucket) => numberIn(bucket.labels.le ?? ''));
    const counts = buckets.map(({ value }) => value);
    const count = own.find((sample) => sample.name === `${name}_count`)?.value;
    const isAscending = (all: readonly number[]): boolean =>
      all.every((each, index) => index === 0 || each >= (all[index - 1] ?? 0));
    const isWhole = own.some((sample) => sample.name === `${name}_sum`) && bounds.at(-1) === Infinity;
    if (!isWhole || !isAscending(bounds) || !isAscending(counts) || counts.at(-1) !== count) {
      throw new Error(`${name}${labels} is no histogram`);
    }
  }
}
