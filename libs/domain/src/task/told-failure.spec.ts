import { saysFailed, toldError } from './told-failure';

describe('a result', () => {
  it.each([{ status: 'failed' }, { status: 'failed', error: 'no disk', pages: 3 }])(
    'says with %j that it is a failure',
    (result) => expect(saysFailed(result)).toBe(true),
  );

  it.each([null, undefined, 'failed', ['failed'], { status: 'FAILED' }, { output: { status: 'failed' } }])(
    'does not say so with %j',
    (result) => expect(saysFailed(result)).toBe(false),
  );

  it.each<[unknown, string]>([
    [{ error: 'no disk' }, 'no disk'],
    [{ error: 'a\0b\ud800' }, 'ab\ufffd'],
    [{ error: '😀'.repeat(10_001) }, '😀'.repeat(10_000)],
    [{ error: '\0' }, 'the worker reported a failure without an error'],
    [{ error: { code: 1 } }, 'the worker reported a failure without an error'],
    [null, 'the worker reported a failure without an error'],
  ])('%j tells why', (result, message) => expect(toldError(result)).toBe(message));
});
