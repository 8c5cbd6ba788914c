import { isLoopback } from './loopback';

describe('isLoopback', () => {
  it.each(['127.0.0.1', '127.9.8.7', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', 'localhost', 'LocalHost'])(
    'says that only this machine reaches %s',
    (host) => expect(isLoopback(host)).toBe(true),
  );

  it.each(['0.0.0.0', '::', '192.168.1.2', '::ffff:10.0.0.1', 'example.com', 'localhost.example.com', ''])(
    'does not say so of %j',
    (host) => expect(isLoopback(host)).toBe(false),
  );
});
