/** Lines with columns: what begins with a digit stands to the right. @param {(string | number)[][]} rows */
export function table(rows) {
  const texts = rows.map((row) => row.map(String));
  const widths = texts[0]?.map((_, column) => Math.max(...texts.map((row) => row[column].length))) ?? [];
  const padded = (text, column) =>
    /^\d/.test(text) ? text.padStart(widths[column]) : text.padEnd(widths[column]);
  return texts.map((row) => row.map(padded).join('  ').trimEnd());
}

export const decimals = (value) => value.toFixed(2);
export const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`;
