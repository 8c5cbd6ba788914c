import { findService } from './find-service';
import { StartFailure } from './start-failure';

it.each([
  ['--url', 'ftp://here', {}],
  ['--url', 'ftp://here', { TASK_ORCHESTRATOR_URL: 'http://127.0.0.1:9' }],
  ['TASK_ORCHESTRATOR_URL', undefined, { TASK_ORCHESTRATOR_URL: 'ftp://here' }],
])('an address that is none is told as what was given, %s %s', async (name, option, env) => {
  const message = `${name} must be an address such as http://127.0.0.1:8080, without a key or a query in it`;

  await expect(findService({ env, cwd: '/' }, option)).rejects.toEqual(new StartFailure(message));
});
