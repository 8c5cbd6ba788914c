/** A request lacks something that the protocol says it needs: no refusal of the queue's. */
export class WrongParams extends Error {
  override readonly name = 'WrongParams';
}
