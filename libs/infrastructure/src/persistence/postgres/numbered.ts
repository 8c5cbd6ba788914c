/** Turns the `?` of a statement that both databases share into `$1`, `$2`, … from the given number on. */
export function numbered(sql: string, from = 1): string {
  let next = from;
  return sql.replaceAll('?', () => {
    const place = `$${next}`;
    next += 1;
    return place;
  });
}
