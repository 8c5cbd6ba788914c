import { DomainError } from '@task/domain';
import type { Call } from '../call';
import type { AuditAction, AuditLog } from '../ports/audit-log';

/** What is about to be done, and to what. */
export interface Sensitive<Done> {
  readonly action: AuditAction;
  readonly target: string | null;
  /** What is known of it beforehand: names and figures, never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** What is known of it only afterwards. */
  readonly outcome?: (done: Done) => {
    readonly target?: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

/**
 * Does a sensitive thing and writes down who did it, before the caller is answered. A refusal by a rule is written down
 * too, with its code. What the store could not do is not: nobody knows whether it was done.
 */
export async function audited<Done>(
  log: AuditLog,
  { actor, origin }: Call,
  { action, target, details = {}, outcome }: Sensitive<Done>,
  work: () => Promise<Done>,
): Promise<Done> {
  const named = target === null ? null : printed(target);
  let done: Done;
  try {
    done = await work();
  } catch (error) {
    if (error instanceof DomainError) {
      const told = { ...details, code: error.code };
      await log.record({ actor, action, target: named, origin, outcome: 'refused', details: told });
    }
    throw error;
  }
  const told = outcome?.(done) ?? {};
  await log.record({
    ...{ actor, action, origin, outcome: 'done' },
    target: told.target ?? named,
    details: { ...details, ...told.details },
  });
  return done;
}

const MOST_TARGET = 100;

/** Whatever text a caller gives as an id: no more of it is written down, and nothing that a database chokes on. */
function printed(target: string): string {
  return target
    .slice(0, MOST_TARGET)
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '\ufffd');
}
