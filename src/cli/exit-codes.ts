/** How commands that use a running service end; for scripts. */
export const EXIT = {
  ok: 0,
  /** It was tried, and did not go well. */
  failed: 1,
  /** The command line is wrong. */
  misused: 2,
  /** There was nothing to do. */
  nothing: 3,
  /** The service gives no answer. */
  unreachable: 4,
  /** The service does not take the key, or not for this. */
  refused: 5,
} as const;
