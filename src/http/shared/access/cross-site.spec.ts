import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isCrossSite } from './cross-site';

const from = (headers: IncomingHttpHeaders): boolean => isCrossSite({ headers } as IncomingMessage);

describe('isCrossSite', () => {
  it.each<[IncomingHttpHeaders]>([
    [{ host: 'a.example' }],
    [{ host: 'a.example', origin: 'https://a.example' }],
    [{ host: 'A.example:8080', origin: 'http://a.EXAMPLE:8080' }],
    [{ host: '[::1]:8080', origin: 'http://[::1]:8080' }],
    [{ host: 'a.example', 'sec-fetch-site': 'same-origin' }],
    [{ host: 'a.example', 'sec-fetch-site': 'none' }],
  ])('lets %j pass', (headers) => {
    expect(from(headers)).toBe(false);
  });

  it.each<[IncomingHttpHeaders]>([
    [{ host: 'a.example', 'sec-fetch-site': 'cross-site' }],
    [{ host: 'localhost:8080', 'sec-fetch-site': 'same-site' }],
    [{ host: 'a.example', origin: 'https://a.example', 'sec-fetch-site': 'cross-site' }],
    [{ host: 'a.example', origin: 'null' }],
    [{ host: 'a.example', origin: '' }],
    [{ host: 'a.example', origin: 'https://b.example' }],
    [{ host: 'a.example:8080', origin: 'https://a.example' }],
    [{ host: 'a.example', origin: 'https://a.example@b.example' }],
    [{ host: 'a.example', origin: 'https://a.example/x' }],
    [{ origin: 'https://a.example' }],
  ])('notices %j', (headers) => {
    expect(from(headers)).toBe(true);
  });
});
