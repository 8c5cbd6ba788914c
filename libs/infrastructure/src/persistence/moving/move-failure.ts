/** Data cannot be moved, or was not moved whole. Told to the operator. */
export class MoveFailure extends Error {
  override readonly name = 'MoveFailure';
}
