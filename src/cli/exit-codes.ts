/** How commands that use a running service end; for scripts. */
export const EXIT = {
  ok: 0,
  /** It was tried, and did not go well. */
  failed: 1,
  /** The command line, or what it asks for, is wrong. */
  misused: 2,
  /** There was nothing to do, or there is nothing of this name. */
  nothing: 3,
  /** The service gives no answer, or cannot serve now. */
  unreachable: 4,
  /** The service does not take the key, or not for this. */
  refused: 5,
  /** The task does not allow it where it stands; it was cancelled. */
  conflict: 6,
  /** It has not ended in the time that was given. */
  unfinished: 7,
} as const;

/** The same for people, as `--help` tells it. */
export const EXIT_CODES_AS_TEXT = `
Exit codes: 0 it went well; 1 it failed, or the task did; 2 the command line, or what it asks for, is wrong; 3 there is
nothing of this name; 4 the service gives no answer, or cannot serve now; 5 it does not take the key; 6 what there is
does not allow it, or the task was cancelled; 7 the task has not ended in the time given.
`;
