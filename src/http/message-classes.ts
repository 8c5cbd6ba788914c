import { IncomingMessage, ServerResponse } from 'node:http';

/** The part of an Express application that makes Node's messages into its own. */
interface Prototypes {
  request: object;
  response: object;
}

/** The classes of which a server makes its messages, to be given to `http.createServer`. */
export interface MessageClasses {
  readonly IncomingMessage: typeof IncomingMessage;
  readonly ServerResponse: typeof ServerResponse;
}

/**
 * Makes classes whose messages are Express's from the start. Express gives every request and response another
 * prototype, which turns each into an object that V8 reads slowly from then on, in Node's own code too: it costs more
 * than half of an empty request (170 µs against 65). A message that has the prototype already is left as it is. Servers
 * that are made without these classes work as well, at the usual speed.
 */
export function messageClassesOf(express: Prototypes): MessageClasses {
  class Request extends IncomingMessage {}
  class Response<Asked extends IncomingMessage = IncomingMessage> extends ServerResponse<Asked> {}
  express.request = adopt(Request.prototype, express.request);
  express.response = adopt(Response.prototype, express.response);
  return { IncomingMessage: Request, ServerResponse: Response };
}

/** Takes over what Express has for its messages, for those of every application first and then for those of this one. */
function adopt(prototype: object, own: object): object {
  const ofEveryApplication = Object.getPrototypeOf(own) as object;
  for (const source of [ofEveryApplication, own]) {
    Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(source));
  }
  return prototype;
}
