import { get } from 'node:http';
import { get as getOverTls } from 'node:https';

// Ends with 0 while the service in this container takes requests, with 1 otherwise: what HEALTHCHECK asks. The image
// has no curl. The certificate is not checked: its name is not that of the loopback, and who answers is this container.

const DEADLINE_MS = 4_000;
const { SERVER_PORT = '8080', TLS_CERT_FILE = '' } = process.env;
const ask = TLS_CERT_FILE === '' ? get : getOverTls;

const request = ask({
  host: '127.0.0.1',
  port: SERVER_PORT,
  path: '/health/ready',
  agent: false,
  rejectUnauthorized: false,
  signal: AbortSignal.timeout(DEADLINE_MS),
});
request.on('response', (response) => {
  response.resume();
  process.exitCode = response.statusCode === 200 ? 0 : 1;
});
request.on('error', ({ message }) => {
  console.error(message);
  process.exitCode = 1;
});
