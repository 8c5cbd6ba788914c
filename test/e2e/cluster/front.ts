import { Nginx } from '../../deployment/nginx';
import { freePort } from '../../support/free-port';
import { TcpBalancer, type Place } from '../../support/tcp-balancer';

/** What stands in front of the instances. */
export interface Front {
  readonly port: number;
  close(): Promise<void>;
}

/** A balancer of the tests' own, which any machine can run. */
export function plainFront(places: readonly Place[]): Promise<Front> {
  return TcpBalancer.start(places);
}

/** The machine's nginx with the project's own file, which tells it the same of any number of instances. */
export async function nginxFront(places: readonly Place[]): Promise<Front> {
  const port = await freePort();
  const serverOf = (address: string): string => `server ${address} max_fails=1 fail_timeout=2s;`;
  const nginx = new Nginx('deploy/nginx/compose.conf', {
    [serverOf('instance-1:8080')]: places.map(({ host, port: at }) => serverOf(`${host}:${at}`)).join(' '),
    [serverOf('instance-2:8080')]: '',
    'listen 8090': `listen 127.0.0.1:${port}`,
  });
  await nginx.start(port);
  return { port, close: () => nginx.stop() };
}
