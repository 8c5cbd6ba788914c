/** An event as server-sent events write it. @param data JSON, which has no line break */
export function eventText(id: number, type: string, data: object): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;
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
