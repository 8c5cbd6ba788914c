import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request, type RequestOptions } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { LocalDoor } from '../../../src/http/shared/access/local-door';
import { TestService } from '../http/service';
import { ENDPOINTS, TASK_MANAGER, type Endpoint } from './endpoints';

/** An answer, as far as access is concerned. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** One more thing to ask. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | null;
  readonly body?: object | undefined;
}

/** A door of a running service. */
export interface OpenDoor {
  readonly service: TestService;
  ask(asked: Asked): Promise<Answer>;
  close(): Promise<void>;
}

/** A way into the service, and the endpoints behind it. */
export interface Door {
  readonly name: string;
  readonly endpoints: readonly Endpoint[];
  /** Which routes of the application can be reached this way: each of them has its row among the endpoints. */
  serves(route: string): boolean;
  /** Whether whoever comes this way is an admin, with whatever key. */
  readonly isOperators: boolean;
  open(): Promise<OpenDoor>;
}

/** Everything is served here, whatever it is. */
const ALL = { endpoints: ENDPOINTS, serves: (): boolean => true };

const PREFIX = '/task-manager';
/** Served under shorter paths than elsewhere. */
const OF_TASK_MANAGER = {
  endpoints: TASK_MANAGER,
  serves: (route: string): boolean => route.includes(` ${PREFIX}/`),
};

/**
 * Every way into the service. One that listens elsewhere is one more row: how it is opened, and what is behind it.
 */
export const DOORS: readonly Door[] = [
  { name: 'TCP', ...ALL, isOperators: false, open: () => overTcp({}) },
  { name: 'the operator’s socket', ...ALL, isOperators: true, open: overSocket },
  { name: 'the task manager’s own port', ...OF_TASK_MANAGER, isOperators: false, open: overOwnPort },
  { name: 'TCP without keys', ...ALL, isOperators: true, open: () => overTcp({ enableAuth: false }) },
];

async function overTcp(settings: object): Promise<OpenDoor> {
  const service = await TestService.start({ settings });
  const { hostname, port } = new URL(service.baseUrl);
  const agent = new Agent({ keepAlive: true });
  return {
    service,
    ask: (asked) => send({ agent, host: hostname, port: Number(port) }, asked),
    close: () => {
      agent.destroy();
      return service.close();
    },
  };
}

async function overOwnPort(): Promise<OpenDoor> {
  const service = await TestService.start();
  const server = await service.listen({ port: 0, host: '127.0.0.1', behind: PREFIX });
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  return {
    service,
    ask: ({ path, ...asked }) =>
      send({ agent, host: '127.0.0.1', port }, { ...asked, path: path.replace(PREFIX, '') }),
    close: () => {
      agent.destroy();
      return service.close();
    },
  };
}

async function overSocket(): Promise<OpenDoor> {
  const folder = mkdtempSync(join(tmpdir(), 'door-'));
  const socketPath = join(folder, 'api.sock');
  const door = new LocalDoor();
  const service = await TestService.start({ settings: { isLocalOperator: door.isLocalOperator } });
  door.watch(await service.listen({ path: socketPath }));
  const agent = new Agent({ keepAlive: true });
  return {
    service,
    ask: (asked) => send({ agent, socketPath }, asked),
    close: async () => {
      agent.destroy();
      await service.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Sends exactly the path that is given: nothing resolves it on the way. */
function send(to: RequestOptions, { method, path, authorization, body }: Asked): Promise<Answer> {
  const sent = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
  const headers = {
    ...(authorization !== null && { Authorization: authorization }),
    ...(sent !== undefined && { 'Content-Type': 'application/json', 'Content-Length': sent.length }),
  };
  return new Promise((resolve, reject) => {
    request({ ...to, method, path, headers })
      .once('error', reject)
      .once('response', (response) => {
        text(response).then(
          (read) => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: read }),
          reject,
        );
      })
      .end(sent);
  });
}
