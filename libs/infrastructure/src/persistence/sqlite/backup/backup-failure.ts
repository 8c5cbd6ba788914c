/** A backup cannot be made, or cannot be used. Told to the operator. */
export class BackupFailure extends Error {
  override readonly name = 'BackupFailure';
}
