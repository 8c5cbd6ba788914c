import fc, { type IAsyncProperty, type Parameters } from 'fast-check';

/** Less than Jest gives a test. */
const TIME_LIMIT_MS = 100_000;

/**
 * Tries a property that is slow, one on a database: a failing run is made smaller for so long as a test may take, and
 * then told as small as it is. Without that end Jest says "timeout" and nothing of what was found. Where none fails, a
 * slow machine tries fewer.
 */
export function assertProperty<T>(property: IAsyncProperty<T>, parameters: Parameters<T>): Promise<void> {
  return fc.assert(property, {
    interruptAfterTimeLimit: TIME_LIMIT_MS,
    ...parameters,
  });
}
