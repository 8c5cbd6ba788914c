import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

const EVENT_END = /\r?\n\r?\n/;

/**
 * The messages of an answer as they come: of a body of JSON the one, of a stream of events each.
 * Throws the error of the connection when it breaks in between.
 */
export async function* answersIn(response: IncomingMessage): AsyncGenerator<string> {
  if (response.headers['content-type']?.startsWith('text/event-stream') !== true) {
    const body = await text(response);
    if (body !== '') yield body;
    return;
  }
  let rest = '';
  for await (const chunk of response.setEncoding('utf8') as AsyncIterable<string>) {
    const events = (rest + chunk).split(EVENT_END);
    rest = events.pop() ?? '';
    for (const event of events) {
      const data = dataOf(event);
      if (data !== '') yield data;
    }
  }
}

function dataOf(event: string): string {
  return event
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length).trimStart())
    .join('\n');
}
