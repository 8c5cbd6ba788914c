/** How much is tried: a little in `npm test`, and what a night has time for with `ABUSE=whole`. */
export function sized(quick: number, whole: number): number {
  return process.env.ABUSE === 'whole' ? whole : quick;
}
