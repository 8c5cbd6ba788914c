/**
 * Does something at the first call, and gives every other one the same result. What has failed is done again at the next
 * call: one failure is not kept for as long as the process lives.
 */
export function onceItWorks<T>(work: () => Promise<T>): () => Promise<T> {
  let begun: Promise<T> | null = null;
  return () => {
    begun ??= work().catch((error: unknown) => {
      begun = null;
      throw error;
    });
    return begun;
  };
}
