/** How long something runs, for people: `2h 30m 15s`. */
export function uptimeText(seconds: number): string {
  const whole = Math.floor(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return `${hours}h ${minutes}m ${whole % 60}s`;
}
