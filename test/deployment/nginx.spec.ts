import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NginxConfFile } from 'nginx-conf';
import { makeCertificate, writeCertificate } from '../support/certificates';
import { freePort } from '../support/free-port';
import { itNeeding } from '../support/it-needing';
import { filesLike, read, readYaml } from './files';
import { missingNginx, Nginx } from './nginx';

const COMPOSE = 'deploy/nginx/compose.conf';
const HOST = 'deploy/nginx/task-orchestrator.conf';
const PROXY = 'deploy/nginx/task-orchestrator-proxy.conf';
/** A block of a file of nginx. */
type NginxConfItem = NginxConfFile['nginx'];

const itWithNginx = itNeeding(missingNginx());

function parsed(file: string): Promise<NginxConfItem> {
  return new Promise((done, failed) => {
    NginxConfFile.createFromSource(read(file), (error, conf) => {
      if (error === null && conf !== undefined) done(conf.nginx);
      else failed(error ?? new Error(`${file} could not be read`));
    });
  });
}

const values = (items: NginxConfItem[] | undefined): string[] =>
  items?.map(({ _value }) => String(_value)) ?? [];

describe('deploy/nginx', () => {
  it('has the files that are looked at here', () => {
    expect(filesLike('deploy/nginx/*')).toEqual([COMPOSE, PROXY, HOST].toSorted());
  });

  it.each([COMPOSE, HOST])(
    '%s sends everything to instances, claims and changes without a second try',
    async (file) => {
      const { server = [], upstream = [] } = await parsed(file);
      const [service] = server.toReversed();

      expect(upstream.map(({ _value }) => _value)).toEqual(['task_orchestrator']);
      expect(values(service?.include)).toEqual(['/etc/nginx/snippets/task-orchestrator-proxy.conf']);
      expect(service?.location?.map((each) => [each._value, values(each.proxy_next_upstream)])).toEqual([
        ['/', []],
        ['~* ^/api/v1/tasks/next/?$', ['off']],
        ['@once', ['off']],
      ]);
      expect(service?.location?.flatMap((each) => values(each.proxy_pass))).toEqual(
        Array.from({ length: 3 }, () => 'http://task_orchestrator'),
      );
    },
  );

  it('repeats nothing that may have been done', async () => {
    const { proxy_next_upstream: repeated } = await parsed(PROXY);

    expect(values(repeated)).toEqual(['error timeout']);
  });

  it('lets the largest batch pass, and claims wait as long as they may', async () => {
    const conf = await parsed(PROXY);

    expect(values(conf.client_max_body_size)).toEqual(['17m']);
    expect(values(conf.proxy_read_timeout)).toEqual(['60s']);
  });

  it('leads to the instances and the port of docker-compose.yml', async () => {
    const { services } = readYaml<{
      services: Record<string, { ports?: string[]; environment?: Record<string, string> }>;
    }>('docker-compose.yml');
    const { upstream, server } = await parsed(COMPOSE);
    const instances = Object.entries(services).flatMap(([name, { environment }]) =>
      name.startsWith('instance-') ? `${name}:${environment?.SERVER_PORT}` : [],
    );

    expect(values(upstream?.[0]?.server).map((value) => value.split(' ')[0])).toEqual(instances);
    expect(services.nginx?.ports?.map((port) => port.split(':').at(-1))).toEqual(values(server?.[0]?.listen));
  });

  describe('in nginx itself', () => {
    const instances: Server[] = [];
    const reached: string[] = [];
    let port: number;
    let url: string;
    let nginx: Nginx;
    let certificates: string;

    beforeEach(async () => {
      certificates = mkdtempSync(join(tmpdir(), 'nginx-tls-'));
      port = await freePort();
      url = `http://127.0.0.1:${port}`;
      for (const name of ['one', 'other']) {
        const instance = createServer((request, response) => {
          reached.push(`${name} ${request.method}`);
          // The first that is reached hangs up over the request that it has read.
          if (reached.length === 1) request.resume().on('end', () => response.destroy());
          else response.end(name);
        });
        await once(instance.listen(0, '127.0.0.1'), 'listening');
        instances.push(instance);
      }
      nginx = new Nginx(COMPOSE, { ...placesOf(instances), 'listen 8090': `listen 127.0.0.1:${port}` });
    });

    afterEach(async () => {
      await nginx.stop();
      reached.splice(0);
      for (const instance of instances.splice(0)) instance.close();
      rmSync(certificates, { recursive: true });
    });

    function placesOf([one, other]: readonly Server[]): Record<string, string> {
      const at = (server: Server | undefined): string =>
        `127.0.0.1:${(server?.address() as AddressInfo).port}`;
      return { 'instance-1:8080': at(one), 'instance-2:8080': at(other) };
    }

    itWithNginx('is taken', async () => {
      const { TLS_CERT_FILE, TLS_KEY_FILE } = writeCertificate(
        certificates,
        await makeCertificate('tasks.example.com'),
      );
      const host = new Nginx(HOST, {
        '/etc/ssl/certs/tasks.example.com.pem': TLS_CERT_FILE,
        '/etc/ssl/private/tasks.example.com.key': TLS_KEY_FILE,
      });

      expect([await nginx.complaints(), await host.complaints()]).toEqual(['', '']);
      await host.stop();
    });

    itWithNginx('sends no request again that an instance has read, but one that only reads', async () => {
      await nginx.start(port);

      const answers = [];
      for (const [path, method] of [
        ['/api/v1/tasks', 'POST'],
        ['/api/v1/tasks/next', 'GET'],
        ['/API/v1/tasks/next/', 'GET'],
        ['/api/v1/tasks/1', 'DELETE'],
        ['/api/v1/config', 'PUT'],
        ['/api/v1/tasks', 'GET'],
      ] as const) {
        reached.splice(0);
        const { status } = await fetch(url + path, { method });
        answers.push([status, reached.length]);
        // An instance that failed is passed over for two seconds: make both as new.
        await nginxAsNew();
      }

      expect(answers).toEqual([...Array.from({ length: 5 }, () => [502, 1]), [200, 2]]);
    });

    async function nginxAsNew(): Promise<void> {
      await nginx.stop();
      nginx = new Nginx(COMPOSE, { ...placesOf(instances), 'listen 8090': `listen 127.0.0.1:${port}` });
      await nginx.start(port);
    }

    itWithNginx('brings a POST to the other instance when one does not listen', async () => {
      await nginx.start(port);
      reached.push('nobody hangs up');
      instances.shift()?.close();

      const answers = await Promise.all(
        Array.from({ length: 4 }, () =>
          fetch(`${url}/api/v1/tasks`, { method: 'POST' }).then((r) => r.text()),
        ),
      );

      expect(new Set(answers)).toEqual(new Set(['other']));
    });
  });
});
