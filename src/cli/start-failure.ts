import {
  BackupFailure,
  DatabaseHasOwner,
  EncryptionFailure,
  MoveFailure,
  SettingsRefused,
} from '@task/infrastructure';

/** Something that only the operator can put right: told in words, without a stack. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';
}

const FOR_OPERATORS = [
  StartFailure,
  SettingsRefused,
  DatabaseHasOwner,
  EncryptionFailure,
  BackupFailure,
  MoveFailure,
];

/** Whether the message of an error says all that its operator needs. */
export function isForOperator(error: unknown): error is Error {
  return FOR_OPERATORS.some((kind) => error instanceof kind);
}
