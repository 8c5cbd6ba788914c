import { StoreUnavailable } from './store-unavailable';

describe('StoreUnavailable', () => {
  it('tells what went wrong, and keeps the cause to itself', () => {
    const cause = new Error('password authentication failed');
    const error = new StoreUnavailable('unreachable', { cause });
    expect(error).toMatchObject({ fault: 'unreachable', cause });
    expect(error.message).toBe('the task store gave no answer: unreachable');
  });
});
