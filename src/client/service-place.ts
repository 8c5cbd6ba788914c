/** Where a running service can be reached. */
export type ServicePlace =
  | {
      /** The operator's own door: a Unix socket, which needs no key. */
      readonly kind: 'socket';
      readonly path: string;
    }
  | {
      readonly kind: 'url';
      /** Without a slash at its end: `http://127.0.0.1:8080`. */
      readonly url: string;
      readonly apiKey: string | null;
    };

/** A place in words that can be shown: never the key. */
export function describePlace(place: ServicePlace): string {
  return place.kind === 'socket' ? place.path : place.url;
}
