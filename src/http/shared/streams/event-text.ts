/** An event as server-sent events write it. @param data becomes JSON, without a line break of any kind */
export function eventText(id: number, type: string, data: object): string {
  // Some readers, Node's readline among them, end a line there too.
  const json = JSON.stringify(data).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
  return `id: ${id}\nevent: ${type}\ndata: ${json}\n\n`;
}

/** Tells a reader that events behind its place are gone for good: it goes on with the oldest that is kept. */
export function resetText(place: number, oldest: number): string {
  return eventText(place, 'reset', { oldest });
}

/**
 * Shows that the stream lives. The reader's place goes along, since nothing that it wants may happen for long: it
 * would come back with an old one, and the whole log in between would be looked through again.
 */
export function keepAliveText(place: number): string {
  return `: alive\nid: ${place}\n\n`;
}
