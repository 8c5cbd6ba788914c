import { ServiceRefusal } from '../client/client-failures';
import { exitCodeOf } from './at-service';
import { EXIT } from './exit-codes';

it.each([
  [400, 'VALIDATION_ERROR', EXIT.misused],
  [401, 'UNAUTHORIZED', EXIT.refused],
  [403, 'FORBIDDEN', EXIT.refused],
  [404, 'NOT_FOUND', EXIT.nothing],
  [404, 'HTTP_404', EXIT.failed],
  [409, 'CONFLICT', EXIT.conflict],
  [413, 'PAYLOAD_TOO_LARGE', EXIT.misused],
  [422, 'UNPROCESSABLE_ENTITY', EXIT.misused],
  [429, 'RATE_LIMIT_EXCEEDED', EXIT.unreachable],
  [500, 'INTERNAL_ERROR', EXIT.failed],
  [502, 'BAD_GATEWAY', EXIT.unreachable],
  [503, 'SERVICE_UNAVAILABLE', EXIT.unreachable],
  [504, 'GATEWAY_TIMEOUT', EXIT.unreachable],
])('a %d with %s ends a command with %d', (status, code, exitCode) => {
  expect(exitCodeOf(new ServiceRefusal(status, code, 'refused', null, null))).toBe(exitCode);
});
