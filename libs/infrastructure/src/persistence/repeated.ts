/** Times that a transaction is run when others deadlock with it, or cannot be put in an order with it. */
const ATTEMPTS = 4;

/** Runs work again when it fails as transactions do that others were in the way of, a few times at most. */
export async function repeated<T>(
  work: () => Promise<T>,
  isWorthIt: (error: unknown) => boolean,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || !isWorthIt(error)) throw error;
    }
  }
}
