import { DatabaseHasOwner, SettingsRefused } from '@task/infrastructure';

/** Something that only the operator can put right: told in words, without a stack. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

/** Whether the message of an error says all that its operator needs. */
export function isForOperator(error: unknown): error is Error {
  return (
    error instanceof StartFailure || error instanceof SettingsRefused || error instanceof DatabaseHasOwner
  );
}
