import { decodedMappings, TraceMap } from '@jridgewell/trace-mapping';

/**
 * Where each piece of a source went in the code that was made of it, in the order of the source.
 *
 * @param {string} code       the generated code
 * @param {object} sourceMap  from that code to one source
 * @param {import('typescript').SourceFile} file  the source
 * @returns {{ original: number, generated: number }[]}  offsets
 */
export function mappingsOf(code, sourceMap, file) {
  const lineStarts = [0];
  for (let at = code.indexOf('\n'); at !== -1; at = code.indexOf('\n', at + 1)) lineStarts.push(at + 1);
  const originals = file.getLineStarts();
  const mappings = [];
  decodedMappings(new TraceMap(sourceMap)).forEach((segments, line) => {
    for (const [column, source, originalLine, originalColumn] of segments) {
      if (source === undefined || originalLine >= originals.length) continue;
      mappings.push({
        original: originals[originalLine] + originalColumn,
        generated: lineStarts[line] + column,
      });
    }
  });
  return mappings.sort((one, other) => one.original - other.original);
}

/**
 * How often each piece of a source ran, by V8's counts of the code made of it.
 *
 * @param {{ ranges: { startOffset: number, endOffset: number, count: number }[] }[]} functions  V8's counts
 * @param {{ original: number, generated: number }[]} mappings
 * @returns {(span: { start: number, end: number }) => number}
 */
export function countsOf(functions, mappings) {
  const countAt = counter(functions);
  return ({ start, end }) => {
    const first = firstFrom(mappings, start);
    const within = first < mappings.length && mappings[first].original < end;
    // Text that no mapping starts in belongs to what stands before it.
    const chosen = within ? first : first - 1;
    if (chosen < 0) return 0;
    const { original } = mappings[chosen];
    let count = 0;
    // What was compiled to several places has run when one of them has.
    for (let i = firstFrom(mappings, original); mappings[i]?.original === original; i += 1) {
      count = Math.max(count, countAt(mappings[i].generated));
    }
    return count;
  };
}

/** The count of the innermost range around an offset. */
function counter(functions) {
  const ranges = functions.flatMap((each) =>
    each.ranges.map((range, index) => ({ ...range, isFunction: index === 0 && range.startOffset > 0 })),
  );
  return (offset) => {
    let innermost = { count: 0, startOffset: 0, endOffset: Infinity };
    for (const range of ranges) {
      // Where a function begins it is a value that is made, not yet one that is called.
      const around = range.isFunction ? range.startOffset < offset : range.startOffset <= offset;
      const narrower = range.endOffset - range.startOffset <= innermost.endOffset - innermost.startOffset;
      if (around && offset < range.endOffset && narrower) innermost = range;
    }
    return innermost.count;
  };
}

function firstFrom(mappings, start) {
  let low = 0;
  let high = mappings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (mappings[middle].original < start) low = middle + 1;
    else high = middle;
  }
  return low;
}
