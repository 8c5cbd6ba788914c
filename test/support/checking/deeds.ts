import type { Operation, OperationKind, Outcome } from '../recorder';

/** What clients did, repeats of one operation taken together. */
export interface Deed {
  readonly kind: OperationKind;
  readonly taskId: string | undefined;
  readonly token: string | undefined;
  readonly attempt: number | undefined;
  /** Of a claim that was told: how long its holder was promised the task, epoch ms. */
  readonly leaseEndsAt: number | undefined;
  /** ok when any of its repeats was; unknown when none was, and any is. */
  readonly is: Outcome['is'];
  /** Its effect came after this, */
  readonly start: number;
  /** and, when it is ok, before this. */
  readonly end: number;
}

/** The deeds in a log, each with its attempt where that is known. */
export function deedsIn(log: readonly Operation[]): Deed[] {
  const repeats = Map.groupBy(log, identityOf);
  return withAttempts([...repeats.values()].map(deedOf));
}

/** The same key, or the same write by the same token, is the same operation again. */
function identityOf(operation: Operation): unknown {
  const { kind, key, taskId, token } = operation;
  if (key !== undefined) return `${kind} key ${key}`;
  return token !== undefined && taskId !== undefined ? `${kind} ${taskId} token ${token}` : operation;
}

function deedOf(repeats: readonly Operation[]): Deed {
  const told = repeats.find(({ outcome }) => outcome.is === 'ok');
  const open = repeats.find(({ outcome }) => outcome.is === 'unknown');
  const { kind, taskId, token, outcome, end } = told ?? open ?? firstOf(repeats);
  const handed: Partial<Extract<Outcome, { is: 'ok' }>> = outcome.is === 'ok' ? outcome : {};
  return {
    kind,
    taskId: taskId ?? handed.taskId,
    token: token ?? handed.token,
    attempt: handed.attempt,
    leaseEndsAt: handed.leaseEndsAt,
    is: outcome.is,
    start: Math.min(...repeats.map(({ start }) => start)),
    end,
  };
}

/** A holder's write belongs to the attempt whose claim handed out its token. */
function withAttempts(deeds: readonly Deed[]): Deed[] {
  const claims = deeds.filter(({ kind, token }) => kind === 'claim' && token !== undefined);
  const attempts = new Map(claims.map(({ token, attempt }) => [token, attempt]));
  return deeds.map((deed) => ({
    ...deed,
    attempt: deed.kind === 'claim' ? deed.attempt : (attempts.get(deed.token) ?? deed.attempt),
  }));
}

function firstOf(repeats: readonly Operation[]): Operation {
  const [first] = repeats;
  if (first === undefined) throw new Error('a group without an operation');
  return first;
}
