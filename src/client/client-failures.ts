/** The service could not be reached, or the connection broke: whether it did what was asked is unknown. */
export class ServiceUnreachable extends Error {
  override readonly name = 'ServiceUnreachable';

  constructor(place: string, cause: unknown) {
    super(`no answer from ${place}: ${reasonOf(cause)}`, { cause });
  }
}

/** The service answered that it did not do what was asked. */
export class ServiceRefusal extends Error {
  override readonly name = 'ServiceRefusal';

  constructor(
    readonly status: number,
    /** The stable code: `CONFLICT`, `NOT_FOUND` …; `HTTP_502` where the answer has none. */
    readonly code: string,
    message: string,
    readonly details: unknown,
    /** When to come back, in seconds; null where the service does not say. */
    readonly retryAfterSeconds: number | null,
  ) {
    super(message);
  }
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  // Several addresses of one host that all refuse come as an error without a message.
  const { code } = cause as NodeJS.ErrnoException;
  return cause.message === '' ? (code ?? cause.name) : cause.message;
}
